use std::io::{Cursor, Read};

use proptest::prelude::*;
use zip::ZipArchive;

use super::*;

/// Files of a folder, then a text and the checksums: written through, and as an outline.
fn both(files: &[Vec<u8>]) -> (Vec<u8>, Vec<Piece>) {
    let outline = Outline::default();
    let mut light = Archive::new(outline.clone());
    let mut whole = Archive::new(Cursor::new(Vec::new()));
    for (file, bytes) in files.iter().enumerate() {
        let (name, length) = (format!("{file}.wav"), bytes.len() as u64);
        let follow = &mut |copying| outline.copying(file, copying);
        light.file("Song", &name, length, &mut &bytes[..], follow).unwrap();
        whole.file("Song", &name, length, &mut &bytes[..], &mut |_| {}).unwrap();
    }
    light.text("Song", "notes.txt", "Più forte, per favore").unwrap();
    whole.text("Song", "notes.txt", "Più forte, per favore").unwrap();
    light.sums("Song").unwrap();
    whole.sums("Song").unwrap();
    light.finish().unwrap();
    (whole.finish().unwrap().into_inner(), outline.pieces())
}

fn put_together(pieces: Vec<Piece>, files: &[Vec<u8>]) -> Vec<u8> {
    let of = |piece| match piece {
        Piece::Bytes(bytes) => bytes,
        Piece::File { file, bytes } => {
            assert_eq!(files[file].len() as u64, bytes);
            files[file].clone()
        }
    };
    pieces.into_iter().flat_map(of).collect()
}

proptest! {
    #[test]
    fn an_outline_with_its_files_is_the_archive(
        files in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..3000), 0..5),
    ) {
        let (whole, pieces) = both(&files);
        prop_assert_eq!(&put_together(pieces, &files), &whole);
        let mut archive = ZipArchive::new(Cursor::new(&whole)).unwrap();
        prop_assert_eq!(archive.len(), files.len() + 2);
        for (file, bytes) in files.iter().enumerate() {
            let mut read = Vec::new();
            // Reading to the end compares the CRC.
            let mut entry = archive.by_name(&format!("Song/{file}.wav")).unwrap();
            entry.read_to_end(&mut read).unwrap();
            prop_assert_eq!(&read, bytes);
        }
    }
}

#[test]
fn the_audio_is_not_kept() {
    let files = [vec![1; 100_000], vec![2; 50_000]];
    let (_, pieces) = both(&files);
    let kept: usize = pieces
        .iter()
        .map(|piece| match piece {
            Piece::Bytes(bytes) => bytes.len(),
            Piece::File { .. } => 0,
        })
        .sum();
    assert!(kept < 2000, "{kept}");
}

#[test]
fn files_are_found_where_they_lie() {
    let files = [b"first".to_vec(), b"second".to_vec()];
    let (whole, _) = both(&files);
    let entries = list(Cursor::new(&whole)).unwrap();
    let names: Vec<String> = entries.iter().map(|entry| entry.path.join("/")).collect();
    assert_eq!(names, ["Song/0.wav", "Song/1.wav", "Song/notes.txt", "Song/SHA256SUMS"]);
    let start = entries[1].start.unwrap() as usize;
    assert_eq!(&whole[start..start + entries[1].bytes as usize], b"second");
    let sums = &entries[3];
    let start = sums.start.unwrap() as usize;
    let text = std::str::from_utf8(&whole[start..start + sums.bytes as usize]).unwrap();
    assert!(text.starts_with(&format!("{}  0.wav\n", hash::sha256(b"first"))), "{text}");
}

#[test]
fn paths_out_of_the_archive_and_shadows_are_left_out() {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for path in ["../evil.wav", "/etc/evil.wav", "a//b.wav", "__MACOSX/._a.wav", ".hidden", "a.wav"]
    {
        zip.start_file(path, options(0)).unwrap();
    }
    let bytes = zip.finish().unwrap().into_inner();
    let entries = list(Cursor::new(bytes)).unwrap();
    assert_eq!(entries.iter().map(|entry| entry.path.join("/")).collect::<Vec<_>>(), ["a.wav"]);
    assert!(list(Cursor::new(b"no archive at all")).is_err());
}

/// Endless silence that is never written anywhere.
#[test]
fn more_than_four_gibibytes_need_zip64() {
    let outline = Outline::default();
    let mut archive = Archive::new(outline.clone());
    let long = ZIP64_BYTES + 10;
    for file in 0..2 {
        let follow = &mut |copying| outline.copying(file, copying);
        let mut from = io::repeat(0).take(if file == 0 { long } else { 1 });
        archive
            .file("Song", &format!("{file}.wav"), long * (1 - file as u64), &mut from, follow)
            .unwrap();
    }
    archive.finish().unwrap();
    let pieces = outline.pieces();
    assert_eq!(pieces[1], Piece::File { file: 0, bytes: long });
    let Piece::Bytes(header) = &pieces[0] else { panic!("a header comes first") };
    assert_eq!(header[18..26], [0xff; 8], "sizes stand in the ZIP64 field");
    let at = header.len() - 16;
    assert_eq!(header[at..at + 8], long.to_le_bytes());
    let Some(Piece::Bytes(end)) = pieces.last() else { panic!("the directory comes last") };
    assert!(end.windows(4).any(|four| four == b"PK\x06\x06"), "the end record of ZIP64");
}
