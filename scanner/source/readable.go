package source

import "slices"

// Readable names the codecs and archives that are unpacked, for people.
func Readable() []string {
	var names []string
	for _, k := range codecKinds {
		names = append(names, k.name)
	}
	return append(names, lzmaKind.name, "tar", "zip (also encrypted: ZipCrypto, WinZip AES)", "7z (also encrypted, names too)", "rar (also encrypted, names too; of a set of volumes each for itself)", "ar (Debian packages)", "cpio")
}

// Unreadable names the containers that are recognised and named as gaps,
// because nothing here reads them.
func Unreadable() []string {
	var names []string
	for _, s := range signatures {
		names = append(names, s.name)
	}
	slices.Sort(names)
	return slices.Compact(names)
}
