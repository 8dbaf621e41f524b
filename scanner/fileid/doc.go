// Package fileid says by what a file is known again in another night: by its number and
// its times while it lies where it was, and by what is in it when it was moved, rotated or
// compressed.
//
// Digests are SHA-256 in hexadecimal. What the operating system does not tell is 0, and
// then nothing follows from it.
//
//	sums.go                                 digests: of a whole file, its ends, its beginnings
//	number_unix.go number_other.go          what tells files apart as long as they exist
//	change_linux.go change_other.go         when the kernel last saw a file change
package fileid
