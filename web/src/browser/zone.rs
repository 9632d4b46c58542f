//! Time zones, by the browser's `Intl`: its data is always newer than what could be shipped.

use std::rc::Rc;

use chrono::{NaiveDate, NaiveDateTime};
use domain::zone::of_offset;
use js_sys::{Array, Date, Intl, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use crate::api::Timestamp;
use crate::text::zone::{Offsets, moment_of};

/// A zone, what formats its local time, and what has been learnt of it.
#[derive(Clone)]
pub struct Zone {
    pub name: Rc<str>,
    format: Rc<Intl::DateTimeFormat>,
    offsets: Rc<Offsets>,
}

impl PartialEq for Zone {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Zone {
    /// The zone of that IANA name; the zone of the device where the browser does not know it.
    pub fn named(name: &str) -> Self {
        let name = if is_known(name) { name.to_owned() } else { Self::of_device() };
        let format = Intl::DateTimeFormat::new(&Array::of1(&"en-US".into()), &options(&name));
        Self { name: name.into(), format: Rc::new(format), offsets: Rc::default() }
    }

    /// The name of the zone that the device is set to, or of one as far from UTC; UTC where the browser can tell neither.
    pub fn of_device() -> String {
        Self::told_by_device().unwrap_or_else(|| "UTC".to_owned())
    }

    /// The name of the zone that the device is set to; where the browser has none for it, that of one as far from UTC. Without a name,
    /// no distance is what Chromium says of any zone: that is none.
    pub fn told_by_device() -> Option<String> {
        Self::named_by_device().or_else(|| {
            let ahead = -Date::new_0().get_timezone_offset();
            #[expect(clippy::as_conversions, reason = "minutes of a day at most")]
            of_offset(ahead as i32).filter(|name| ahead != 0.0 && is_known(name))
        })
    }

    /// The name of the zone that the device is set to, if the browser knows one. Where it is set to a bare distance from UTC,
    /// Chromium names it `Etc/Unknown`, and its clocks are those of UTC.
    pub fn named_by_device() -> Option<String> {
        let resolved = Intl::DateTimeFormat::new(&Array::new(), &Object::new()).resolved_options();
        let name = Reflect::get(&resolved, &"timeZone".into()).ok().and_then(|name| name.as_string());
        name.filter(|name| name != "Etc/Unknown" && is_known(name))
    }

    /// Every zone that the browser can name.
    pub fn all_names() -> Vec<String> {
        let function = Reflect::get(&js_sys::global(), &"Intl".into()).and_then(|intl| {
            Reflect::get(&intl, &"supportedValuesOf".into()).map(|function| (intl, function))
        });
        let Ok((intl, function)) = function else { return vec![] };
        let Some(function) = function.dyn_ref::<js_sys::Function>() else { return vec![] };
        let names = function.call1(&intl, &"timeZone".into()).unwrap_or(JsValue::UNDEFINED);
        let names = Array::from(&names);
        names.iter().filter_map(|name| name.as_string()).collect()
    }

    /// What clocks in this zone show at that moment.
    pub fn local(&self, moment: Timestamp) -> NaiveDateTime {
        self.offsets.local(moment, |moment| self.read(moment).unwrap_or_else(|| moment.naive_utc()))
    }

    /// The moment at which clocks in this zone show that.
    pub fn moment(&self, local: NaiveDateTime) -> Timestamp {
        moment_of(local, |moment| self.local(moment))
    }

    fn read(&self, moment: Timestamp) -> Option<NaiveDateTime> {
        local_of(&parts_of(&self.format, moment))
    }

    /// By how many minutes the clocks of a zone that the browser can name are ahead of UTC at that moment.
    pub fn ahead(name: &str, moment: Timestamp) -> Option<i64> {
        let format = Intl::DateTimeFormat::new(&Array::of1(&"en-US".into()), &options(name));
        // The browser leaves out what is less than a second.
        let seconds = local_of(&parts_of(&format, moment))?.and_utc().timestamp() - moment.timestamp();
        Some(seconds / 60)
    }
}

fn parts_of(format: &Intl::DateTimeFormat, moment: Timestamp) -> Array {
    format.format_to_parts(&Date::new(&JsValue::from_f64(milliseconds(moment))))
}

fn part(parts: &Array, name: &str) -> Option<String> {
    let part = parts.iter().find(|part| text(part, "type").as_deref() == Some(name))?;
    text(&part, "value")
}

fn local_of(parts: &Array) -> Option<NaiveDateTime> {
    let number = |name: &str| part(parts, name)?.parse::<u32>().ok();
    let year = i32::try_from(number("year")?).ok()?;
    NaiveDate::from_ymd_opt(year, number("month")?, number("day")?)?.and_hms_opt(
        number("hour")? % 24,
        number("minute")?,
        number("second")?,
    )
}

#[expect(clippy::as_conversions, reason = "milliseconds since 1970 are far below 2^53")]
fn milliseconds(moment: Timestamp) -> f64 {
    moment.timestamp_millis() as f64
}

fn text(object: &JsValue, key: &str) -> Option<String> {
    Reflect::get(object, &key.into()).ok()?.as_string()
}

fn options(zone: &str) -> Object {
    let options = Object::new();
    let fields = [
        ("timeZone", zone),
        ("hourCycle", "h23"),
        ("year", "numeric"),
        ("month", "numeric"),
        ("day", "numeric"),
        ("hour", "numeric"),
        ("minute", "numeric"),
        ("second", "numeric"),
    ];
    for (key, value) in fields {
        // Setting a property of a fresh plain object cannot fail.
        let _ = Reflect::set(&options, &key.into(), &value.into());
    }
    options
}

/// `Intl` throws for a name that it does not know.
fn is_known(name: &str) -> bool {
    let constructor = Reflect::get(&js_sys::global(), &"Intl".into())
        .and_then(|intl| Reflect::get(&intl, &"DateTimeFormat".into()));
    let Ok(constructor) = constructor else { return false };
    let Some(constructor) = constructor.dyn_ref::<js_sys::Function>() else { return false };
    let arguments = Array::of2(&"en-US".into(), &options(name));
    !name.is_empty() && Reflect::construct(constructor, &arguments).is_ok()
}
