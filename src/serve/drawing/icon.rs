//! Our icon for browsers that ask for `/favicon.ico` without a page that names one.

use super::png;

/// Sides of the pictures in it, in pixels: of a tab, of a tab on a fine screen, of a window in a list.
const SIDES: [u8; 3] = [16, 32, 48];
/// Bytes of the head, and of the entry that each picture has behind it.
const HEAD_BYTES: usize = 6;
const ENTRY_BYTES: usize = 16;

/// The SVG as an icon file: a directory of PNGs in several sizes. The words of an error are for the log.
pub(in crate::serve) fn ico(svg: &str) -> Result<Vec<u8>, String> {
    let sized = |side: u8| svg.replacen("<svg ", &format!("<svg width=\"{side}\" height=\"{side}\" "), 1);
    let pictures: Vec<(u8, Vec<u8>)> =
        SIDES.into_iter().map(|side| Ok((side, png(&sized(side))?))).collect::<Result<_, String>>()?;
    // Reserved; the kind, an icon; the number of pictures.
    let mut file: Vec<u8> = [0, 1, pictures.len() as u16].into_iter().flat_map(u16::to_le_bytes).collect();
    let mut offset = HEAD_BYTES + ENTRY_BYTES * pictures.len();
    for (side, picture) in &pictures {
        // Width, height, no palette, reserved; one plane of 32 bits a pixel.
        file.extend([*side, *side, 0, 0, 1, 0, 32, 0]);
        file.extend((picture.len() as u32).to_le_bytes());
        file.extend((offset as u32).to_le_bytes());
        offset += picture.len();
    }
    file.extend(pictures.into_iter().flat_map(|(_, picture)| picture));
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_icon_holds_a_picture_of_each_size_where_its_directory_says() {
        let file =
            ico("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 4 4\"><rect width=\"4\" height=\"4\"/></svg>")
                .unwrap();
        assert_eq!(file[..HEAD_BYTES], [0, 0, 1, 0, 3, 0]);
        let mut end = HEAD_BYTES + ENTRY_BYTES * SIDES.len();
        for (entry, side) in file[HEAD_BYTES..].chunks(ENTRY_BYTES).zip(SIDES) {
            let number = |at: usize| u32::from_le_bytes(entry[at..at + 4].try_into().unwrap()) as usize;
            assert_eq!((entry[0], entry[1], number(12)), (side, side, end));
            let picture = &file[end..end + number(8)];
            assert!(picture.starts_with(b"\x89PNG\r\n\x1a\n"));
            // Width and height of a PNG's first chunk.
            assert_eq!(picture[16..24], [0, 0, 0, side, 0, 0, 0, side]);
            end += number(8);
        }
        assert_eq!(end, file.len());
        assert!(ico("<svg").is_err());
    }
}
