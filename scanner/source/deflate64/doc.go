// Package deflate64 decompresses Deflate64, method 9 of zip archives: what Windows
// makes of files above 2 GiB when it packs a folder, and what 7-Zip can be asked for.
//
// It is deflate (RFC 1951) but for three things, as contrib/infback9 of zlib 1.3.1
// has them: matches reach back 64 KiB; the distance codes 30 and 31, which deflate
// does not use, stand for distances from 49153 on; and the length code 285 stands for
// lengths from 3 on, with sixteen further bits. PKWARE's APPNOTE.TXT names the method
// (section 4.4.5) and does not describe it.
//
// Hardly anything is packed so, and it decodes half as fast as package inflate: one
// symbol at a time, with tables as simple as can be.
//
// # Damage
//
// Every byte that was decoded before an error is delivered. Input that ends early is
// io.ErrUnexpectedEOF, or the error of the source; other damage is ErrCorrupt.
package deflate64
