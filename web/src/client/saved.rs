//! Lists that a person saved under a name. Kept on the device, for each person apart; all tabs show the same.
//!
//! They are addresses: what such a list shows, and to whom, is decided when it is opened.

use std::rc::Rc;

use yew::Callback;

use super::Client;
use crate::api::UserId;
use crate::browser::storage;

/// How many are kept, and how long a name may be.
const MOST: usize = 50;
const LONGEST_NAME: usize = 60;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedList {
    pub name: String,
    /// Path and query, as links have them.
    pub address: String,
}

impl Client {
    /// Takes in what is kept for whoever is signed in: at the start, and when another tab has changed it.
    pub fn read_saved_lists(&self) {
        let read = self.saver().and_then(|id| storage::read_lists(id.as_str())).map(|text| parse(&text));
        self.update(|state| {
            let read = read.unwrap_or_default();
            if *state.saved != read {
                state.saved = Rc::new(read);
            }
        });
    }

    /// Saves an address under a name; what had the name before is replaced.
    pub fn save_list(&self, name: &str, address: String) {
        let Some(name) = clean(name) else { return };
        self.change_saved(|lists| {
            let saved = SavedList { name, address };
            match lists.iter_mut().find(|list| list.name == saved.name) {
                Some(list) => *list = saved,
                None => lists.push(saved),
            }
        });
    }

    pub fn rename_list(&self, name: &str, to: &str) {
        let Some(to) = clean(to) else { return };
        self.change_saved(|lists| {
            lists.retain(|list| list.name == name || list.name != to);
            if let Some(list) = lists.iter_mut().find(|list| list.name == name) {
                list.name = to;
            }
        });
    }

    /// Forgets a list, and offers to bring it back.
    pub fn delete_list(&self, name: &str) {
        let place = self.state().saved.iter().position(|list| list.name == name);
        let Some((place, list)) =
            place.and_then(|place| Some((place, self.state().saved.get(place)?.clone())))
        else {
            return;
        };
        self.change_saved(|lists| lists.retain(|list| list.name != name));
        let text = (self.words().lists.saved_deleted)(name);
        let client = self.clone();
        let undo = Callback::from(move |()| {
            let list = list.clone();
            client.change_saved(|lists| lists.insert(place.min(lists.len()), list));
        });
        self.toast_undo(text, undo);
    }

    fn change_saved(&self, change: impl FnOnce(&mut Vec<SavedList>)) {
        let Some(person) = self.saver() else { return };
        // Another tab may have saved one a moment ago.
        let mut lists = storage::read_lists(person.as_str()).map(|text| parse(&text)).unwrap_or_default();
        change(&mut lists);
        lists.truncate(MOST);
        let text = write(&lists);
        storage::keep_lists(person.as_str(), Some(text.as_str()).filter(|text| !text.is_empty()));
        self.update(|state| state.saved = Rc::new(lists));
    }

    fn saver(&self) -> Option<UserId> {
        self.state().store.viewer.as_ref().map(|viewer| viewer.id.clone())
    }
}

/// A name that can be kept: on one line, and not empty.
fn clean(name: &str) -> Option<String> {
    let name: String =
        name.trim().chars().filter(|character| !character.is_control()).take(LONGEST_NAME).collect();
    Some(name).filter(|name| !name.is_empty())
}

/// One on a line: its name, a tabulator, its address.
fn write(lists: &[SavedList]) -> String {
    let mut text = String::new();
    for list in lists {
        text.push_str(&list.name);
        text.push('\t');
        text.push_str(&list.address);
        text.push('\n');
    }
    text
}

/// What [`write`] wrote. Addresses of this site alone: the text may have been changed by whatever else writes there.
fn parse(text: &str) -> Vec<SavedList> {
    let lists = text.lines().filter_map(|line| {
        let (name, address) = line.split_once('\t')?;
        let is_own = address.starts_with('/') && !address.starts_with("//");
        Some(SavedList { name: clean(name)?, address: address.to_owned() }).filter(|_| is_own)
    });
    lists.take(MOST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(name: &str, address: &str) -> SavedList {
        SavedList { name: name.to_owned(), address: address.to_owned() }
    }

    #[test]
    fn lists_are_read_as_they_were_written() {
        let lists = [list("Срочное у Петра", "/all?assignee=VXNlcjox&due=today"), list("Моё", "/")];
        assert_eq!(parse(&write(&lists)), lists);
        assert_eq!(write(&[]), "");
    }

    #[test]
    fn what_is_broken_is_left_out() {
        assert_eq!(
            parse("\n\t/\nname\nname\thttps://example.com\nname\t//example.com\nok\t/all"),
            [list("ok", "/all")]
        );
        assert_eq!(clean("  two\nlines\t "), Some("twolines".to_owned()));
        assert_eq!(clean("   "), None);
        assert_eq!(clean(&"я".repeat(100)).map(|name| name.chars().count()), Some(LONGEST_NAME));
    }
}
