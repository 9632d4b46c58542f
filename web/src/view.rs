//! What components are made of: a plain struct, and a function that draws it and may use hooks.
//!
//! ```ignore
//! #[derive(PartialEq)]
//! pub struct Greeting { pub name: AttrValue }
//!
//! impl_view!(Greeting, use_greeting(self));
//!
//! #[hook]
//! fn use_greeting(props: &Greeting) -> Html {
//!     let words = use_wording();
//!     html! { <p>{ words.hello }{ &props.name }</p> }
//! }
//!
//! html! { <main>{ view(Greeting { name: "Anna".into() }) }</main> }
//! ```
//!
//! To Yew all of them are one component, [`Part`], so its machinery is compiled once and not for each of them: see
//! `docs/adr/0006-one-component-for-all-views.md`. What has nothing to remember needs none of this: a function that returns
//! [`Html`] will do.

use std::any::{Any, TypeId};

use yew::functional::{FunctionComponent, FunctionProvider, HookContext};
use yew::html::{BaseComponent, HtmlResult};
use yew::prelude::*;
use yew::virtual_dom::{Key, VComp};

/// What draws itself and may remember something between two drawings. Implemented by [`impl_view!`].
///
/// It is drawn again when it is handed down unequal to before, or when one of its hooks asks for it.
pub trait View: PartialEq + 'static {
    fn draw(&self, hooks: &mut HookContext) -> Html;
}

/// Makes a view of a struct and its hook: `impl_view!(Row, use_row(self));`, or `impl_view!(Bell, use_bell());` of one without fields.
macro_rules! impl_view {
    ($view:ty, $hook:ident(self)) => {
        impl $crate::view::View for $view {
            fn draw(&self, hooks: &mut yew::functional::HookContext) -> yew::Html {
                yew::functional::Hook::run($hook(self), hooks)
            }
        }
    };
    ($view:ty, $hook:ident()) => {
        impl $crate::view::View for $view {
            fn draw(&self, hooks: &mut yew::functional::HookContext) -> yew::Html {
                yew::functional::Hook::run($hook(), hooks)
            }
        }
    };
}
pub(crate) use impl_view;

/// Puts a view into the page.
pub fn view(view: impl View) -> Html {
    place(Box::new(view), None)
}

/// Puts a view into a list, under a key that no other member of the list has.
pub fn view_keyed(key: impl Into<Key>, view: impl View) -> Html {
    place(Box::new(view), Some(key.into()))
}

/// The properties that draw `view` as the root of the page.
pub fn root(view: impl View) -> PartProps {
    PartProps { view: Box::new(view) }
}

fn place(view: Box<dyn AnyView>, key: Option<Key>) -> Html {
    VComp::new::<Part>(PartProps { view }.into(), key).into()
}

/// A view of whatever type.
trait AnyView: Any {
    fn draw(&self, hooks: &mut HookContext) -> Html;
    /// Whether it is of the same type, and equal.
    fn equals(&self, other: &dyn AnyView) -> bool;
}

impl<V: View> AnyView for V {
    fn draw(&self, hooks: &mut HookContext) -> Html {
        View::draw(self, hooks)
    }

    fn equals(&self, other: &dyn AnyView) -> bool {
        let other: &dyn Any = other;
        other.downcast_ref::<V>().is_some_and(|other| self == other)
    }
}

/// A view, as it is handed down.
#[derive(Properties)]
pub struct PartProps {
    view: Box<dyn AnyView>,
}

impl PartProps {
    fn kind(&self) -> TypeId {
        let view: &dyn Any = &*self.view;
        view.type_id()
    }
}

impl PartialEq for PartProps {
    fn eq(&self, other: &Self) -> bool {
        self.view.equals(&*other.view)
    }
}

/// The one component there is: a place in the page and the view that stands there.
///
/// Yew keeps a component whose place is taken by another of the same type, and to Yew all views are of this type. So when
/// a view of another type comes, what the one before remembers ends, the place is drawn empty, and only then, before
/// the browser paints, the new view is drawn for the first time. Neither hooks nor elements are carried from one to the other.
pub struct Part {
    hooks: FunctionComponent<Self>,
    /// The view before is still in the page.
    is_clearing: bool,
}

impl FunctionProvider for Part {
    type Properties = PartProps;

    fn run(hooks: &mut HookContext, props: &PartProps) -> HtmlResult {
        Ok(props.view.draw(hooks))
    }
}

impl BaseComponent for Part {
    type Message = ();
    type Properties = PartProps;

    fn create(context: &Context<Self>) -> Self {
        Self { hooks: FunctionComponent::new(context), is_clearing: false }
    }

    fn update(&mut self, _context: &Context<Self>, (): ()) -> bool {
        true
    }

    fn changed(&mut self, context: &Context<Self>, before: &PartProps) -> bool {
        if context.props().kind() != before.kind() {
            self.hooks.destroy();
            self.hooks = FunctionComponent::new(context);
            self.is_clearing = true;
        }
        true
    }

    fn view(&self, context: &Context<Self>) -> HtmlResult {
        if self.is_clearing { Ok(Html::default()) } else { self.hooks.render(context.props()) }
    }

    fn rendered(&mut self, context: &Context<Self>, _is_first: bool) {
        if self.is_clearing {
            self.is_clearing = false;
            context.link().send_message(());
        } else {
            self.hooks.rendered();
        }
    }

    fn destroy(&mut self, _context: &Context<Self>) {
        self.hooks.destroy();
    }

    fn prepare_state(&self) -> Option<String> {
        None
    }
}
