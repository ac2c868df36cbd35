//! Writes what is made of a picture or of a PDF's first page into a folder, to be looked at, and
//! says how long that took: `picture FILE FOLDER [WIDTH OF A PAGE]`.

use std::path::Path;
use std::time::Instant;

use gp_pictures::{Limits, Made, Size, first_page, picture, size_file_name};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let (file, folder) = arguments
        .next()
        .zip(arguments.next())
        .ok_or("usage: picture FILE FOLDER [WIDTH]")?;
    let width = arguments.next().map_or(Ok(600), |width| width.parse())?;
    let bytes = std::fs::read(&file)?;
    let name = Path::new(&file)
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or("picture");
    let folder = Path::new(&folder);
    std::fs::create_dir_all(folder)?;
    let begin = Instant::now();
    if name.ends_with(".pdf") {
        let made = first_page(&bytes, width, &Limits::default())?;
        println!("{:.2} s", begin.elapsed().as_secs_f64());
        return write(folder, name, &made);
    }
    let picture = picture(&bytes, &Size::wordpress(), &Limits::default())?;
    println!("{:.2} s", begin.elapsed().as_secs_f64());
    println!(
        "{:?} {} × {}, {} bytes",
        picture.kind,
        picture.width,
        picture.height,
        bytes.len()
    );
    if let Some(clean) = picture.clean {
        println!("{:>9} bytes  clean-{name}", clean.len());
        std::fs::write(folder.join(format!("clean-{name}")), clean)?;
    }
    picture.made.iter().try_for_each(|made| write(folder, name, made))
}

fn write(folder: &Path, name: &str, made: &Made) -> Result<(), Box<dyn std::error::Error>> {
    let file = size_file_name(name, made);
    println!(
        "{:>9} bytes  {file}  {} × {}",
        made.bytes.len(),
        made.width,
        made.height
    );
    std::fs::write(folder.join(&file), &made.bytes)?;
    Ok(())
}
