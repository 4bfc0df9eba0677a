//! An SVG of ours → a PNG.

use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{Options, Tree};

/// Most pixels of a picture: four bytes each while it is drawn.
const MAX_PIXELS: f32 = 2_000_000.0;

/// The picture as a PNG, of the size that the SVG names. The words of an error are for the log.
pub(in crate::serve) fn png(svg: &str) -> Result<Vec<u8>, String> {
    let tree = Tree::from_str(svg, &Options::default()).map_err(|error| error.to_string())?;
    let size = tree.size();
    if size.width() * size.height() > MAX_PIXELS {
        return Err(format!("{} by {} pixels are too many", size.width(), size.height()));
    }
    let mut pixels = Pixmap::new(size.width() as u32, size.height() as u32).ok_or("a picture without pixels")?;
    resvg::render(&tree, Transform::identity(), &mut pixels.as_mut());
    pixels.encode_png().map_err(|error| error.to_string())
}
