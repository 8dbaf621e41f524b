package source

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"strings"
)

// A node is one thing with a name: an input or a member of an archive. It
// grows into the Member that the ledger gets.
type node struct {
	member  Member
	nesting int  // archives it lies in
	layers  int  // codecs on it so far
	more    int  // remarks that were counted and not kept
	crowded bool // the limit of members was reached and told
	stray   bool // bytes that belong to no member
}

// maxRemarks is how many remarks of one member are kept. A million damaged
// frames are told by their number.
const maxRemarks = 100

func (n *node) note(r Remark) {
	if len(n.member.Remarks) >= maxRemarks {
		n.more++
		if r.Gap {
			last := &n.member.Remarks[maxRemarks-1]
			last.Gap = true
			last.Bytes += r.Bytes
		}
		return
	}
	n.member.Remarks = append(n.member.Remarks, r)
}

func (n *node) codec(name string) {
	n.member.Codecs = append(n.member.Codecs[:len(n.member.Codecs):len(n.member.Codecs)], name)
}

// child is a member of the archive n, found at an offset of it.
func (n *node) child(name string, at int64) *node {
	c := &node{nesting: n.nesting + 1}
	c.member.Nesting = c.nesting
	c.member.Codecs = n.member.Codecs[:len(n.member.Codecs):len(n.member.Codecs)]
	shown := name
	if len(shown) > maxName {
		shown = shown[:maxName] + "..."
	}
	if shown == "" {
		shown = fmt.Sprintf("unnamed-at-%d", at)
	}
	c.member.Path = n.member.Path + "!" + shown
	if why := unsafeName(name); why != "" {
		c.note(Remark{Code: CodeUnsafeName, Reason: "the name " + show(name) + " " + why + "; nothing is ever written under it"})
	}
	return c
}

// linked notes that n has so many links, the first of them at at.
func (n *node) linked(links, at int64) {
	if links > 0 {
		n.note(Remark{Code: CodeLink, Offset: at, Reason: fmt.Sprintf("%d links in the archive; they were not followed", links)})
	}
}

// unsafeName says what is wrong with a name, if anything is.
func unsafeName(name string) string {
	switch {
	case name == "":
		return "is empty"
	case len(name) > maxName:
		return "was cut"
	case strings.HasPrefix(name, "/") || strings.HasPrefix(name, `\`):
		return "is absolute"
	case len(name) > 1 && name[1] == ':':
		return "names a drive"
	}
	for part := range strings.FieldsFuncSeq(name, func(r rune) bool { return r == '/' || r == '\\' }) {
		if part == ".." {
			return "leaves the archive"
		}
	}
	if strings.ContainsFunc(name, func(r rune) bool { return r < 0x20 || r == 0x7f }) {
		return "contains control characters"
	}
	return ""
}

// finish takes what was read of the node into its Member.
func (n *node) finish(d *digest) {
	n.member.SHA256 = hex.EncodeToString(d.sum.Sum(nil))
	n.member.Size = d.read
	if d.err != nil {
		n.note(Remark{Code: CodeRead, Gap: true, Offset: d.read,
			Reason: "reading stopped: " + d.err.Error(), Lift: "copy the file again and scan the copy"})
	}
	if n.more > 0 {
		last := &n.member.Remarks[maxRemarks-1]
		last.Reason += fmt.Sprintf(" (and %d more remarks)", n.more)
	}
}

// A digest hashes and counts what passes through it, and keeps the error that
// ended it.
type digest struct {
	src  io.Reader
	sum  hash.Hash
	read int64
	err  error
}

func newDigest(src io.Reader) *digest { return &digest{src: src, sum: sha256.New()} }

func (d *digest) Read(p []byte) (int, error) {
	n, err := d.src.Read(p)
	if n > 0 {
		d.sum.Write(p[:n])
		d.read += int64(n)
	}
	if err != nil && !errors.Is(err, io.EOF) {
		d.err = err
	}
	return n, err
}
