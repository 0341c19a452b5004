//! Where things stand: lengths are points from the top left corner, y grows downwards.

/// An upright rectangle.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::render) struct Area {
    /// Left edge.
    pub x: f32,
    /// Top edge.
    pub y: f32,
    /// Width, to the right.
    pub width: f32,
    /// Height, downwards.
    pub height: f32,
}

impl Area {
    /// An area from its left top corner and its size.
    pub fn new(x: f32, y: f32, width: f32, height: f32) -> Self {
        Self { x, y, width, height }
    }

    /// Right edge.
    pub fn right(self) -> f32 {
        self.x + self.width
    }

    /// Bottom edge.
    pub fn bottom(self) -> f32 {
        self.y + self.height
    }
}

/// A shade between 0 (black) and 1 (white).
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in crate::render) struct Grey(pub f32);
