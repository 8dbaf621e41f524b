// Package lzma decompresses LZMA as it stands in zip members and 7z archives, and
// LZMA2, which is what xz files and most 7z archives hold.
//
// It is here for what it does with data that end early: every byte that was
// decoded before is delivered. The libraries that read LZMA in Go decode a chunk
// of LZMA2, up to 2 MiB of text, before they deliver the first byte of it, and
// nothing at all of one that is cut. A bundle that a full disk has cut short
// loses its last records that way, and a small one all of them.
//
// It follows the "LZMA specification" of Igor Pavlov, 2015, and of "The .xz File
// Format" 1.2.1 what that says of LZMA2 in section 5.3.1; how chunks of LZMA2 are
// made is written nowhere but in the programs, and is in chunk.go.
//
// # Damage
//
// Input that ends early is io.ErrUnexpectedEOF, or the error of the source;
// anything else that cannot be is ErrCorrupt. Both come with no more than what is
// certain: a symbol of which bits are missing gives nothing.
//
// # Memory
//
// The history is as long as the data ask for, but no more is taken than was
// decoded: a small file that asks for a gigabyte costs what it holds.
package lzma
