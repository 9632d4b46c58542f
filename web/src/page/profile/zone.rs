//! The zone that deadlines are shown in: by its city and by its distance from UTC, and found by its IANA name too.

use std::cell::Cell;

use yew::prelude::*;

use crate::api::session::ProfileUpdateInput;
use crate::browser::zone::Zone;
use crate::client::{Wording, use_client, use_wording};
use crate::text::city::{city, russian};
use crate::text::fuzzy::Typed;
use crate::text::zone::from_utc;
use crate::ui::{Combobox, IconKind, Popover, icon};
use crate::view::{impl_view, view};

/// So many of the zones that fit what is typed are shown. The browser takes half a millisecond to say how far one is from UTC.
const MOST: usize = 40;

/// A zone, and by how many minutes its clocks are ahead of UTC once that was asked for.
struct Listed {
    id: String,
    city: String,
    ahead: Cell<Option<i64>>,
}

impl Listed {
    fn of(words: &Wording, id: String) -> Self {
        Self { city: city(&id, words.preferences.locale), id, ahead: Cell::new(None) }
    }

    fn ahead(&self, words: &Wording) -> i64 {
        let ahead = self.ahead.get().unwrap_or_else(|| Zone::ahead(&self.id, words.now).unwrap_or_default());
        self.ahead.set(Some(ahead));
        ahead
    }

    fn name(&self, words: &Wording) -> String {
        let distance = from_utc(self.ahead(words));
        if self.city == distance { distance } else { [&self.city, ", ", &distance].concat() }
    }

    /// What of it may be typed: its city in both languages, its IANA name in parts and whole, and how far it is from UTC.
    fn sought(&self, distance: &str) -> String {
        let Self { id, .. } = self;
        let with_hyphen = distance.replace('−', "-");
        [russian(id).unwrap_or_default(), &id.replace(['_', '/'], " "), id, distance, &with_hyphen].join(" ")
    }
}

#[derive(PartialEq)]
pub struct ZonePicker;

impl_view!(ZonePicker, use_zone_picker());

#[hook]
fn use_zone_picker() -> Html {
    let client = use_client();
    let words = use_wording();
    let open = use_state_eq(|| false);
    let current = words.preferences.zone.name.clone();
    let shown = Listed::of(&words, current.to_string()).name(&words);
    let onchoose = {
        let open = open.clone();
        Callback::from(move |zone: String| {
            open.set(false);
            let changing = client.clone();
            client.attempt(async move {
                let input = ProfileUpdateInput { time_zone: Some(zone), ..ProfileUpdateInput::default() };
                changing.update_profile(input).await
            });
        })
    };
    html! {
        <div class="field">
            <span class="label" aria-hidden="true">{ words.time_zone }</span>
            { view(Popover {
                open, label: [words.time_zone, ": ", &shown].concat().into(), trigger: html! { <>{ shown }{ icon(IconKind::ChevronDown) }</> },
                trigger_class: "input select", class: "", kind: "listbox", children: view(ZoneSearch { onchoose }),
            }) }
            <div class="field-hint">{ words.time_zone_hint }</div>
        </div>
    }
}

/// Drawn once it is opened: the zones of the known cities, and of all the others those that are typed.
#[derive(PartialEq)]
struct ZoneSearch {
    onchoose: Callback<String>,
}

impl_view!(ZoneSearch, use_zone_search(self));

#[hook]
fn use_zone_search(props: &ZoneSearch) -> Html {
    let words = use_wording();
    let text = use_state_eq(String::new);
    let current = words.preferences.zone.name.clone();
    let zones = {
        let words = words.clone();
        use_memo((words.preferences.locale, current.clone()), move |(_, current)| {
            let mut ids = Zone::all_names();
            if !ids.iter().any(|id| **id == **current) {
                ids.push(current.to_string());
            }
            ids.into_iter().map(|id| Listed::of(&words, id)).collect::<Vec<_>>()
        })
    };
    let typed = Typed::new(&text);
    // Every zone is asked for its distance only by whoever types one.
    let has_distance = text.chars().any(|char| char.is_ascii_digit() || matches!(char, '+' | '-' | '−'));
    // The known cities from west to east, or whatever fits what is typed.
    let place = |zone: &Listed| -> Option<i64> {
        if typed.is_empty() {
            return (russian(&zone.id).is_some() || *zone.id == *current).then(|| zone.ahead(&words));
        }
        let distance = if has_distance { from_utc(zone.ahead(&words)) } else { String::new() };
        typed.rank(&zone.sought(&distance)).map(i64::from)
    };
    let mut found: Vec<(i64, &Listed)> = zones.iter().filter_map(|zone| Some((place(zone)?, zone))).collect();
    found.sort_by(|(one, zone), (other, next)| (one, &zone.city).cmp(&(other, &next.city)));
    if !typed.is_empty() {
        found.truncate(MOST);
    }
    let options = found.iter().map(|(_, zone)| {
        let name = zone.name(&words);
        let content =
            html! { <span class="menu-label">{ name }<span class="option-note">{ &zone.id }</span></span> };
        (content, *zone.id == *current)
    });
    let options = options.collect();
    let ids: Vec<String> = found.iter().map(|(_, zone)| zone.id.clone()).collect();
    let onchoose = props.onchoose.clone();
    view(Combobox {
        id: "zones",
        label: words.find_zone,
        choices: words.time_zone,
        text,
        options,
        none: Some(words.no_such_zone),
        onchoose: Callback::from(move |index: usize| {
            if let Some(id) = ids.get(index) {
                onchoose.emit(id.clone());
            }
        }),
    })
}
