// Package source turns what a user points at into streams of log text, and
// accounts for every byte on the way.
//
//	PATH... -> Find -> Input -> Streams -> Stream (read by visit), Member (for the ledger)
//
// Find walks the arguments. Input.Streams unpacks one input: codecs (gzip,
// zstd, bzip2, xz, lzma, lz4, zlib, snappy) and archives (tar, zip, rar, ar, cpio, and 7z with
// the opener of Options), nested in any order, told by their content and never by
// their name. What is recognised and cannot be read (disk
// images, encrypted messages) is a gap with its name. A Member is told of
// everything that was opened: the file itself, and each member of each archive,
// with the SHA-256 of its bytes.
//
// # How it is built
//
// Everything is read through a tape: a buffer that can look ahead and go back
// a little. identify looks at the first bytes; a layer decompresses onto the
// next tape; tarWalk and zipWalk cut a tape into members; walk calls itself
// for each of them. No stream is held in memory, and nothing is written, but
// for one case: an archive whose directory is at its end and that lies inside
// another one is kept in a file without a name.
//
// # Where things are
//
//	find.go input.go options.go cores.go        what is to be read, and what it may cost
//	pieces.go joint.go                          archives that came in pieces
//	open_linux.go open_other.go                 files are opened, and not touched
//	longpath_linux.go holes.go
//	walk.go node.go tape.go spill.go            one input is taken apart
//	sniff.go headless.go                        what something is
//	readable.go remark.go                       what is said of it
//	codec.go layer.go frames.go referee.go      decompression, whatever the codec
//	ahead.go together.go                        with a second core
//	gzip.go zlib.go zstd.go lz4.go snappy.go    codecs
//	bzip2.go bzip2blocks.go
//	xz.go xzindex.go lzmaalone.go
//	tar.go tarheader.go ar.go cpio.go           archives
//	zip.go zipheader.go zipmember.go
//	ziplocal.go ziplink.go zipcrypt.go
//	sevenzip.go sevenzipheader.go sevenzipguard.go
//	rar.go rarblocks.go packed.go
//	password.go sevenzippassword.go sevenzipcipher.go   which password fits an archive
//	rarpassword.go
//	attribute.go place.go rotation.go           what a path tells of a log
//	nameform.go
//
// # Several cores
//
// An input is read by one goroutine. Where Cores has one to spare, a stream is
// decoded ahead of who reads it on another (ahead), and members that say how
// long they are (BGZF, zstd frames with a content size) are decoded at the same
// time (together). Neither changes what is delivered or told, nor when: nothing
// is guessed, and what a header says is only believed if decoding bears it out.
//
// # Damage
//
// A library's decoder stops at the first fault, often behind it, and does not
// say where it was. So the lengths that formats write down are walked here
// (framer), and the decoder is given one member at a time. Every byte before
// the fault is delivered; then the next sound member is looked for, from
// within the damaged one, because a decoder that has lost its way runs on into
// its neighbour. What is missing in between is a remark with its place, and the
// member of a tar in which it is missing ends there. Bytes that belong to nothing, behind
// compressed data, between members, under a damaged header, are handed out as
// streams of their own, named trailing-bytes-at-N and unnamed-at-N: a line
// that may be evidence is scanned wherever it lies.
//
// A remark is a gap when bytes stayed undecoded, and a note when every byte
// was delivered one way or another.
//
// # Limits
//
// Budgets are those of an input (Options); one that is used up is a gap, and
// the next input starts afresh. The ratio of expansion stops nothing. What a
// decoder may keep in memory is bounded by maxWindow, and names the value that
// a larger one would need.
//
// # Trust
//
// Evidence is opened for reading only, without following links, waiting on
// pipes or leaving an access time where that can be had. Names from archives
// are labels: nothing is ever created under one.
package source
