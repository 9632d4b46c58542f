//! Stable names of closed sets: what the database stores and the contract prints. Never text for people.

/// A closed set whose members have stable names, as `IN_PROGRESS`.
pub trait Code: Copy + Eq + 'static {
    /// Every member, in the order of declaration.
    const ALL: &'static [Self];

    /// What stands for a name that a later version of the product gave; `None` where a guess would decide something.
    const FALLBACK: Option<Self> = None;

    /// The stable name.
    fn code(self) -> &'static str;

    /// The member of that name, if there is one.
    fn from_code(code: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|member| member.code() == code)
    }
}

/// Declares a closed set with its stable names.
macro_rules! closed_set {
    (
        $(#[$meta:meta])*
        pub enum $name:ident { $( $(#[$variant_meta:meta])* $variant:ident = $code:literal, )+ }
    ) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $( $(#[$variant_meta])* $variant, )+ }

        impl $crate::Code for $name {
            const ALL: &'static [Self] = &[ $( $name::$variant, )+ ];

            fn code(self) -> &'static str {
                match self { $( $name::$variant => $code, )+ }
            }
        }
    };
}
pub(crate) use closed_set;
