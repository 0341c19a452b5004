//! Enums whose values have a machine code and, where they are printed, a name: each told once, beside its value.

/// Declares such an enum with the tables of what stands beside its values. They come in the order in which they are declared.
#[macro_export]
macro_rules! coded {
    (
        $(#[$meta:meta])*
        $visibility:vis enum $name:ident { $($(#[$doc:meta])* $value:ident = $code:literal / $label:literal,)* }
    ) => {
        $crate::domain::coded::coded! {
            $(#[$meta])*
            $visibility enum $name { $($(#[$doc])* $value = $code,)* }
        }

        impl $name {
            /// Printed name.
            $visibility fn label(self) -> &'static str {
                match self { $(Self::$value => $label,)* }
            }
        }
    };
    (
        $(#[$meta:meta])*
        $visibility:vis enum $name:ident { $($(#[$doc:meta])* $value:ident = $code:literal,)* }
    ) => {
        $(#[$meta])*
        $visibility enum $name { $($(#[$doc])* $value,)* }

        impl $name {
            /// All of them, in the order in which they are declared.
            $visibility const ALL: [Self; [$($code),*].len()] = [$(Self::$value),*];

            /// Machine code: what stands in JSON, in files and in the store.
            $visibility fn code(self) -> &'static str {
                match self { $(Self::$value => $code,)* }
            }

            /// The one of a machine code; `None` where there is none.
            $visibility fn from_code(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$value),)* _ => None }
            }
        }
    };
}
pub use coded;
