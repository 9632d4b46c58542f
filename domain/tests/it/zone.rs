//! Zones by their distance from UTC.

use domain::zone::{of_offset, offset};

#[test]
fn a_distance_is_read_in_each_of_its_forms() {
    for (text, ahead) in [
        ("+03:00", 180),
        ("-0930", -570),
        ("UTC+3", 180),
        ("GMT-12", -720),
        ("+5:45", 345),
        ("+00:00", 0),
        ("−03:30", -210),
    ] {
        assert_eq!(offset(text), Some(ahead), "{text}");
    }
    for text in ["", "+", "3", "UTC", "Mars/Olympus", "+03:60", "+1:2:3", "+0300000", "+ab", "++3", "+é:1"] {
        assert_eq!(offset(text), None, "{text}");
    }
}

#[test]
fn a_zone_that_is_always_so_far() {
    for (ahead, zone) in [
        (0, "UTC"),
        (180, "Etc/GMT-3"),
        (-720, "Etc/GMT+12"),
        (840, "Etc/GMT-14"),
        (330, "Asia/Kolkata"),
        (-570, "Pacific/Marquesas"),
    ] {
        assert_eq!(of_offset(ahead).as_deref(), Some(zone));
    }
    for ahead in [900, -780, 1, -210, 6_000] {
        assert_eq!(of_offset(ahead), None, "{ahead}");
    }
}
