//! Sentences that the server itself says, in Russian and in English. The client has its own; decisions are made elsewhere.

mod dates;
mod notification;
pub mod table;

pub use notification::{Told, notification};

use domain::validate::limit;

use crate::db::columns::Locale;
use crate::error::{ErrorCode, Limit, UserError, UserErrorCode};

/// Why a request is refused.
pub fn refusal(code: ErrorCode, locale: Locale) -> &'static str {
    match (locale, code) {
        (Locale::Ru, ErrorCode::Unauthenticated) => "Нужно войти.",
        (Locale::Ru, ErrorCode::Forbidden) => "Это действие недоступно для вашей роли.",
        (Locale::Ru, ErrorCode::NotFound) => "Не найдено.",
        (Locale::Ru, ErrorCode::BadUserInput) => "Запрос составлен неверно.",
        (Locale::Ru, ErrorCode::RateLimited) => "Слишком много попыток. Повторите позже.",
        (Locale::Ru, ErrorCode::TooComplex) => "Запрос слишком велик.",
        (Locale::Ru, ErrorCode::Unavailable) => {
            "Сервис временно недоступен. Повторите через несколько секунд."
        }
        (Locale::Ru, ErrorCode::Internal) => "Что-то пошло не так. Сообщите администратору номер ошибки",
        (Locale::En, ErrorCode::Unauthenticated) => "Sign in first.",
        (Locale::En, ErrorCode::Forbidden) => "Your role does not allow this.",
        (Locale::En, ErrorCode::NotFound) => "Not found.",
        (Locale::En, ErrorCode::BadUserInput) => "The request is malformed.",
        (Locale::En, ErrorCode::RateLimited) => "Too many attempts. Try again later.",
        (Locale::En, ErrorCode::TooComplex) => "The query asks for too much.",
        (Locale::En, ErrorCode::Unavailable) => "Temporarily unavailable. Try again in a few seconds.",
        (Locale::En, ErrorCode::Internal) => "Something went wrong. Tell the administrator this number",
    }
}

/// Why an address that was given out leads nowhere.
pub fn stale_address(locale: Locale) -> &'static str {
    match locale {
        Locale::Ru => {
            "Ссылка не действует: она годится пять минут и только тому, кто её получил. Скачайте файл заново."
        }
        Locale::En => {
            "The link is no longer valid: it is good for five minutes and for whom it was given to. Download again."
        }
    }
}

/// A request that is larger than any input may be.
pub fn too_much(locale: Locale) -> String {
    let (description, comment) = (limit::DESCRIPTION, limit::COMMENT);
    match locale {
        Locale::Ru => format!(
            "Слишком много текста сразу: в описании может быть до {description} знаков, в комментарии до {comment}. Сократите его или разделите на части."
        ),
        Locale::En => format!(
            "Too much text at once: a description has at most {description} characters, a comment {comment}. Shorten it or split it up."
        ),
    }
}

/// What a person can mend.
pub fn user_error(error: &UserError, locale: Locale) -> String {
    let limit = match (error.limit, locale) {
        (Some(Limit::Days(days)), Locale::Ru) => {
            return format!("Слишком длинный период: можно не больше {days} дней.");
        }
        (Some(Limit::Days(days)), Locale::En) => return format!("Too long a period: at most {days} days."),
        (Some(Limit::DaysAhead(days)), Locale::Ru) => {
            return format!("Слишком далёкий срок: можно не дальше {} лет вперёд.", days / 365);
        }
        (Some(Limit::DaysAhead(days)), Locale::En) => {
            return format!("Too far ahead: at most {} years from now.", days / 365);
        }
        (Some(Limit::Characters(limit)), _) => limit,
        (None, _) => 0,
    };
    match locale {
        Locale::Ru => match error.code {
            UserErrorCode::Required => "Заполните это поле.".to_owned(),
            UserErrorCode::TooShort => format!("Слишком коротко: нужно не меньше {limit} знаков."),
            UserErrorCode::TooLong => format!("Слишком длинно: можно не больше {limit} знаков."),
            UserErrorCode::Invalid => "Проверьте, правильно ли это написано.".to_owned(),
            UserErrorCode::Taken => "Этот адрес уже занят.".to_owned(),
            UserErrorCode::TooCommon => "Этот пароль легко угадать. Придумайте другой.".to_owned(),
            UserErrorCode::InThePast => "Этот срок уже прошёл.".to_owned(),
            UserErrorCode::WrongCredentials => "Неверный адрес или пароль.".to_owned(),
            UserErrorCode::Expired => "Ссылка больше не действует.".to_owned(),
            UserErrorCode::NotAllowed => "Это действие вам недоступно.".to_owned(),
            UserErrorCode::NotFound => "Не найдено.".to_owned(),
            UserErrorCode::StaleVersion => "Это уже изменили. Посмотрите новую версию.".to_owned(),
            UserErrorCode::WrongStatus => "В этом статусе так сделать нельзя.".to_owned(),
            UserErrorCode::SameValue => "Так уже есть.".to_owned(),
            UserErrorCode::LastAdmin => "Должен остаться хотя бы один администратор.".to_owned(),
            UserErrorCode::KeyReused => "Этот ключ уже использован для другого запроса.".to_owned(),
            UserErrorCode::RegistrationClosed => "Зарегистрироваться можно только по приглашению.".to_owned(),
            UserErrorCode::TooMany => "Больше нельзя: сначала отзовите что-нибудь из прежнего.".to_owned(),
        },
        Locale::En => match error.code {
            UserErrorCode::Required => "Fill this in.".to_owned(),
            UserErrorCode::TooShort => format!("Too short: at least {limit} characters."),
            UserErrorCode::TooLong => format!("Too long: at most {limit} characters."),
            UserErrorCode::Invalid => "Check the spelling of this.".to_owned(),
            UserErrorCode::Taken => "This address is taken.".to_owned(),
            UserErrorCode::TooCommon => "This password is easy to guess. Choose another.".to_owned(),
            UserErrorCode::InThePast => "This deadline has already passed.".to_owned(),
            UserErrorCode::WrongCredentials => "Wrong address or password.".to_owned(),
            UserErrorCode::Expired => "The link is no longer valid.".to_owned(),
            UserErrorCode::NotAllowed => "You may not do this.".to_owned(),
            UserErrorCode::NotFound => "Not found.".to_owned(),
            UserErrorCode::StaleVersion => "Somebody has changed this. Look at the new version.".to_owned(),
            UserErrorCode::WrongStatus => "Not possible in this status.".to_owned(),
            UserErrorCode::SameValue => "It is so already.".to_owned(),
            UserErrorCode::LastAdmin => "At least one administrator must remain.".to_owned(),
            UserErrorCode::KeyReused => "This key was used for another request.".to_owned(),
            UserErrorCode::RegistrationClosed => "Registration is by invitation only.".to_owned(),
            UserErrorCode::TooMany => "No more of these: take an earlier one back first.".to_owned(),
        },
    }
}
