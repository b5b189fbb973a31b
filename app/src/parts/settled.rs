//! Making each part of a page once on the server. leptos makes whatever stands behind data twice before it is written, in case something in
//! there waits, too; and asks whatever may change in the browser again each time.

use leptos::{
    attr::{Attribute, any_attribute::AnyAttribute},
    prelude::*,
    tachys::{
        hydration::Cursor,
        view::{Position, PositionState, add_attr::AddAnyAttr, any_view::AnyViewState},
    },
};

/// What changes by itself in the browser. On the server nothing does: there it is made here and now, and never again.
#[cfg(not(feature = "ssr"))]
pub fn lively<V>(part: impl Fn() -> V + Send + 'static) -> impl Fn() -> V + Send + 'static {
    part
}

/// What changes by itself in the browser. On the server nothing does: there it is made here and now, and never again.
#[cfg(feature = "ssr")]
pub fn lively<V>(part: impl Fn() -> V + Send + 'static) -> V {
    part()
}

/// A view in which nothing waits.
pub struct Settled(AnyView);

impl Settled {
    /// The same view. What is in it must wait for nothing: no `load` within another.
    pub fn new(view: AnyView) -> Settled {
        Settled(view)
    }
}

impl Render for Settled {
    type State = AnyViewState;

    fn build(self) -> AnyViewState {
        self.0.build()
    }

    fn rebuild(self, state: &mut AnyViewState) {
        self.0.rebuild(state);
    }
}

impl AddAnyAttr for Settled {
    type Output<NewAttr: Attribute> = Settled;

    fn add_any_attr<NewAttr: Attribute>(self, attr: NewAttr) -> Settled {
        Settled(self.0.add_any_attr(attr).into_any())
    }
}

impl RenderHtml for Settled {
    type AsyncOutput = Settled;
    type Owned = Settled;

    const MIN_LENGTH: usize = 0;

    fn dry_resolve(&mut self) {}

    async fn resolve(self) -> Settled {
        self
    }

    fn to_html_with_buf(
        self,
        buf: &mut String,
        position: &mut Position,
        escape: bool,
        mark_branches: bool,
        extra_attrs: Vec<AnyAttribute>,
    ) {
        self.0.to_html_with_buf(buf, position, escape, mark_branches, extra_attrs);
    }

    fn hydrate<const FROM_SERVER: bool>(self, cursor: &Cursor, position: &PositionState) -> AnyViewState {
        self.0.hydrate::<FROM_SERVER>(cursor, position)
    }

    fn into_owned(self) -> Settled {
        self
    }
}
