//! Opaque ids, one type for each kind of thing, so that one cannot be given where another is meant.

use std::rc::Rc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::schema;

macro_rules! opaque_id {
    ($(#[$meta:meta])* $name:ident) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub struct $name(Rc<str>);

        impl $name {
            /// The id as the contract writes it.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(id: &str) -> Self {
                Self(id.into())
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer).map(|id| Self(id.into()))
            }
        }

        impl cynic::schema::IsScalar<cynic::Id> for $name {
            type SchemaType = cynic::Id;
        }

        cynic::impl_coercions!($name, cynic::Id);

        impl schema::variable::Variable for $name {
            const TYPE: cynic::variables::VariableType = cynic::variables::VariableType::Named("ID");
        }
    };
}

opaque_id!(
    /// A task.
    TaskId
);
opaque_id!(
    /// A person.
    UserId
);
opaque_id!(
    /// A comment.
    CommentId
);
opaque_id!(
    /// A notification.
    NotificationId
);
opaque_id!(
    /// A signed-in device.
    SessionId
);
opaque_id!(
    /// A link by which somebody may register.
    InvitationId
);
