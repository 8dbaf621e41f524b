package source

import "strconv"

// A Remark says that something about an input is not as it should be. A gap is
// bytes that may hold evidence and were not read or not decoded; anything else
// is a note.
type Remark struct {
	Code   string // stable, one of the constants below
	Gap    bool
	Offset int64  // in the file or member as stored
	Bytes  int64  // concerned, as stored; 0 if that cannot be said
	Reason string // what is wrong; safe to print, input is quoted and capped
	Lift   string // Optional: what would make it go away
}

// Skipped is a path that was found and not read.
type Skipped struct {
	Path string
	Remark
}

// A Member is the ledger's view of one file, archive member or standard input,
// after it was read to its end.
type Member struct {
	Path     string   // a.tgz!audit.log.gz
	Codecs   []string // every layer from the file to the content, outermost first
	SHA256   string   // of the bytes as stored in the file or archive (of a zip or 7z member: unpacked), hex
	Size     int64    // the number of those bytes
	Expanded int64    // bytes delivered after the last codec
	Nesting  int      // archives it lies in; 0 for the file itself
	Remarks  []Remark
	Doubt    string // Optional: why it should be more than what it was read as, if no record is found in it
}

// Codes of remarks. They are part of the reports.
const (
	CodeRead      = "io.read"            // gap: the system failed to deliver the rest
	CodeTruncated = "comp.truncated"     // gap: compressed data ends early
	CodeDamaged   = "comp.damaged"       // gap: compressed data could not be decoded
	CodeChecksum  = "comp.checksum"      // gap: decoded data differs from what was compressed
	CodeTrailing  = "comp.trailing"      // note: bytes behind the compressed data, scanned as a stream of their own
	CodePadding   = "comp.padding"       // note: zero bytes behind the compressed data
	CodeWindow    = "comp.window_limit"  // gap: the decoder asks for too much memory
	CodeNotMarked = "comp.not_as_marked" // note: starts like a codec and is not; scanned as it is
	CodeSkipped   = "comp.skipped"       // note: bytes that the format tells decoders to skip
	CodeRatio     = "comp.ratio"         // note: expanded by more than the ratio asked for

	CodeUnsupported = "arch.unsupported"   // gap: a container that cannot be opened
	CodeMethod      = "arch.method"        // gap: a member compressed by a method that cannot be read
	CodeEncrypted   = "arch.encrypted"     // gap: none of the passwords fits
	CodeArchDamaged = "arch.damaged"       // structure is damaged; a gap if bytes stayed undecoded
	CodeCut         = "arch.truncated"     // gap: the archive ends inside a member
	CodeMemberSum   = "arch.checksum"      // gap: a member is not what the archive says it was
	CodeUnsafeName  = "arch.unsafe_name"   // note: a name that an extractor could be tricked by
	CodeLink        = "arch.link"          // note: links in an archive, not followed
	CodeSpecial     = "arch.special"       // note: devices and pipes in an archive
	CodeSparse      = "arch.sparse"        // note: holes, left out
	CodeUnlisted    = "arch.unlisted"      // note: a member the directory does not list
	CodeMismatch    = "arch.mismatch"      // note: directory and member disagree
	CodeOverlap     = "arch.overlap"       // note: members that share bytes
	CodeNoDirectory = "arch.no_directory"  // either: read without a directory
	CodeNoEnd       = "arch.no_end"        // note: a tar without the zeros that end it
	CodeUnnamed     = "arch.unnamed_bytes" // note: bytes that belong to no member, scanned as a stream of their own

	CodeUndecoded = "file.undecoded" // gap: a member with a Doubt, in which nothing was found

	CodeExpanded = "limit.expanded" // gap: decompressed bytes
	CodeMembers  = "limit.members"  // gap: number of members
	CodeDepth    = "limit.depth"    // gap: archives in archives
	CodeResync   = "limit.resync"   // gap: too many false starts behind damage

	CodeMissing   = "fs.missing"   // gap: no such file
	CodeDenied    = "fs.denied"    // gap: may not be opened
	CodeFSLink    = "fs.link"      // note: symbolic link, not followed
	CodeFSSpecial = "fs.special"   // note: socket, pipe or device found in a folder
	CodeDevice    = "fs.device"    // gap: a device named as argument
	CodeChanged   = "fs.changed"   // note: the file changed while it was read
	CodeShrunk    = "fs.shrunk"    // gap: the file became shorter while it was read
	CodeHoles     = "fs.sparse"    // note: holes of a sparse file, passed over
	CodePieces    = "fs.pieces"    // note: files that were read as one, with the digest of each
	CodeHardlink  = "fs.hardlink"  // note: another name of a file that is read under its first
	CodeDuplicate = "fs.duplicate" // note: an argument that another one contains
)

// show quotes text from the evidence for a sentence: neutralised and capped.
func show(s string) string {
	const most = 200
	if len(s) > most {
		return strconv.QuoteToASCII(s[:most]) + "..."
	}
	return strconv.QuoteToASCII(s)
}
