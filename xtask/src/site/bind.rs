//! wasm-bindgen as a library: the same version as the crate the app is compiled with, by one `Cargo.lock`.

use anyhow::{Context, Result, bail};
use wasm_bindgen_cli_support::Bindgen;

/// A module and the script that loads it.
pub struct Bound {
    /// An ES module that exports `default` (load: takes `{ module_or_path }`) and `hydrate`.
    pub js: Vec<u8>,
    /// The module with the imports that `js` provides.
    pub wasm: Vec<u8>,
}

/// Binds what rustc made. The script gets no default address of the module: its name holds its content's digest,
/// so the page says it.
pub fn bind(wasm: Vec<u8>) -> Result<Bound> {
    let mut output = Bindgen::new()
        .input_bytes("provost", wasm)
        .web(true)?
        .typescript(false)
        .omit_default_module_path(true)
        .remove_name_section(true)
        .remove_producers_section(true)
        .generate_output()
        .context("wasm-bindgen could not read what the compiler made of `frontend`")?;
    let inline = output.snippets().values().any(|list| !list.is_empty());
    if inline || !output.local_modules().is_empty() {
        bail!("a crate of the browser half brings JavaScript files of its own; the site has no place for them yet");
    }
    Ok(Bound { js: output.js().as_bytes().to_vec(), wasm: output.wasm_mut().emit_wasm() })
}
