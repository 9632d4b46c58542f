//! What the cities are called that time zones are named after. Browsers leave the names of cities out of what they know of Russian.

use crate::api::Locale;

/// By the last part of the zone's IANA name: the zones of Russia and its neighbours, and cities that many deal with. Names as the Unicode
/// CLDR has them, but for Sakhalin, an island there.
const RUSSIAN: &[(&str, &str)] = &[
    ("Almaty", "Алматы"),
    ("Amsterdam", "Амстердам"),
    ("Anadyr", "Анадырь"),
    ("Aqtau", "Актау"),
    ("Aqtobe", "Актобе"),
    ("Ashgabat", "Ашхабад"),
    ("Astrakhan", "Астрахань"),
    ("Athens", "Афины"),
    ("Atyrau", "Атырау"),
    ("Auckland", "Окленд"),
    ("Baghdad", "Багдад"),
    ("Baku", "Баку"),
    ("Bangkok", "Бангкок"),
    ("Barnaul", "Барнаул"),
    ("Belgrade", "Белград"),
    ("Berlin", "Берлин"),
    ("Bishkek", "Бишкек"),
    ("Brussels", "Брюссель"),
    ("Bucharest", "Бухарест"),
    ("Budapest", "Будапешт"),
    ("Buenos_Aires", "Буэнос-Айрес"),
    ("Cairo", "Каир"),
    ("Calcutta", "Калькутта"),
    ("Chicago", "Чикаго"),
    ("Chisinau", "Кишинев"),
    ("Chita", "Чита"),
    ("Copenhagen", "Копенгаген"),
    ("Denver", "Денвер"),
    ("Dubai", "Дубай"),
    ("Dublin", "Дублин"),
    ("Dushanbe", "Душанбе"),
    ("Helsinki", "Хельсинки"),
    ("Ho_Chi_Minh", "Хошимин"),
    ("Hong_Kong", "Гонконг"),
    ("Irkutsk", "Иркутск"),
    ("Istanbul", "Стамбул"),
    ("Jakarta", "Джакарта"),
    ("Jerusalem", "Иерусалим"),
    ("Johannesburg", "Йоханнесбург"),
    ("Kabul", "Кабул"),
    ("Kaliningrad", "Калининград"),
    ("Kamchatka", "Петропавловск-Камчатский"),
    ("Karachi", "Карачи"),
    ("Khandyga", "Хандыга"),
    ("Kiev", "Киев"),
    ("Kirov", "Киров"),
    ("Kolkata", "Калькутта"),
    ("Krasnoyarsk", "Красноярск"),
    ("Kyiv", "Киев"),
    ("Lisbon", "Лиссабон"),
    ("London", "Лондон"),
    ("Los_Angeles", "Лос-Анджелес"),
    ("Madrid", "Мадрид"),
    ("Magadan", "Магадан"),
    ("Manila", "Манила"),
    ("Mexico_City", "Мехико"),
    ("Minsk", "Минск"),
    ("Moscow", "Москва"),
    ("New_York", "Нью-Йорк"),
    ("Nicosia", "Никосия"),
    ("Novokuznetsk", "Новокузнецк"),
    ("Novosibirsk", "Новосибирск"),
    ("Omsk", "Омск"),
    ("Oral", "Уральск"),
    ("Oslo", "Осло"),
    ("Paris", "Париж"),
    ("Prague", "Прага"),
    ("Qostanay", "Костанай"),
    ("Qyzylorda", "Кызылорда"),
    ("Riga", "Рига"),
    ("Riyadh", "Эр-Рияд"),
    ("Rome", "Рим"),
    ("Saigon", "Хошимин"),
    ("Sakhalin", "Южно-Сахалинск"),
    ("Samara", "Самара"),
    ("Samarkand", "Самарканд"),
    ("Sao_Paulo", "Сан-Паулу"),
    ("Saratov", "Саратов"),
    ("Seoul", "Сеул"),
    ("Shanghai", "Шанхай"),
    ("Simferopol", "Симферополь"),
    ("Singapore", "Сингапур"),
    ("Sofia", "София"),
    ("Srednekolymsk", "Среднеколымск"),
    ("Stockholm", "Стокгольм"),
    ("Sydney", "Сидней"),
    ("Taipei", "Тайбэй"),
    ("Tallinn", "Таллинн"),
    ("Tashkent", "Ташкент"),
    ("Tbilisi", "Тбилиси"),
    ("Tehran", "Тегеран"),
    ("Tokyo", "Токио"),
    ("Tomsk", "Томск"),
    ("Toronto", "Торонто"),
    ("Ulaanbaatar", "Улан-Батор"),
    ("Ulyanovsk", "Ульяновск"),
    ("Ust-Nera", "Усть-Нера"),
    ("Vienna", "Вена"),
    ("Vilnius", "Вильнюс"),
    ("Vladivostok", "Владивосток"),
    ("Volgograd", "Волгоград"),
    ("Warsaw", "Варшава"),
    ("Yakutsk", "Якутск"),
    ("Yekaterinburg", "Екатеринбург"),
    ("Yerevan", "Ереван"),
    ("Zagreb", "Загреб"),
    ("Zurich", "Цюрих"),
];

fn last_part(zone: &str) -> &str {
    zone.rsplit('/').next().unwrap_or(zone)
}

/// The Russian name of the city of a zone, of those that are known.
pub fn russian(zone: &str) -> Option<&'static str> {
    let key = last_part(zone);
    let place = RUSSIAN.binary_search_by_key(&key, |(city, _)| *city).ok()?;
    RUSSIAN.get(place).map(|(_, name)| *name)
}

/// The city that a zone is named after.
pub fn city(zone: &str, locale: Locale) -> String {
    match (locale, russian(zone)) {
        (Locale::Ru, Some(name)) => name.to_owned(),
        (Locale::Ru, None) | (Locale::En, _) => last_part(zone).replace('_', " "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_city_is_found_and_is_that_of_a_zone() {
        assert!(RUSSIAN.is_sorted_by_key(|(city, _)| city));
        for (city, name) in RUSSIAN {
            let of_city = |zone: &&chrono_tz::Tz| last_part(zone.name()) == *city;
            let zone =
                chrono_tz::TZ_VARIANTS.iter().find(of_city).unwrap_or_else(|| panic!("no zone of {city}"));
            assert_eq!(russian(zone.name()), Some(*name));
        }
    }

    #[test]
    fn every_zone_of_russia_has_a_russian_name() {
        // zone.tab of the IANA database, the lines of RU.
        let zones = "Europe/Kaliningrad Europe/Moscow Europe/Kirov Europe/Volgograd Europe/Astrakhan Europe/Saratov \
            Europe/Ulyanovsk Europe/Samara Asia/Yekaterinburg Asia/Omsk Asia/Novosibirsk Asia/Barnaul Asia/Tomsk \
            Asia/Novokuznetsk Asia/Krasnoyarsk Asia/Irkutsk Asia/Chita Asia/Yakutsk Asia/Khandyga Asia/Vladivostok \
            Asia/Ust-Nera Asia/Magadan Asia/Sakhalin Asia/Srednekolymsk Asia/Kamchatka Asia/Anadyr";
        let unnamed: Vec<_> = zones.split_whitespace().filter(|zone| russian(zone).is_none()).collect();
        assert!(unnamed.is_empty(), "{unnamed:?}");
    }

    #[test]
    fn a_city_is_called_as_its_language_calls_it() {
        assert_eq!(city("Asia/Novosibirsk", Locale::Ru), "Новосибирск");
        assert_eq!(city("Asia/Novosibirsk", Locale::En), "Novosibirsk");
        assert_eq!(city("America/Argentina/Buenos_Aires", Locale::Ru), "Буэнос-Айрес");
        assert_eq!(city("America/Punta_Arenas", Locale::Ru), "Punta Arenas");
        assert_eq!(city("UTC", Locale::Ru), "UTC");
    }
}
