package source

import (
	"hash"
	"slices"
)

// A passwordFit says how well a password fits a member of an archive.
type passwordFit int

const (
	unfit    passwordFit = iota // what it gives is no data of the method
	readable                    // it gives data; their checksum is another than the archive has, or not known yet
	fitting

	noChance = 512 // bytes that no wrong password unpacks before it meets an error
)

// isKnown reports whether bytes are text, or begin like something that is unpacked.
func isKnown(prefix []byte) bool {
	c, _ := containerOf(prefix)
	return looksText(prefix) || c != noContainer || slices.ContainsFunc(codecKinds, func(k *codecKind) bool { return k != zlibKind && k.sound(prefix) })
}

// A glimpse takes the checksum of what is written to it, and keeps its beginning.
type glimpse struct {
	sum  hash.Hash32
	head []byte
}

func (g *glimpse) Write(p []byte) (int, error) {
	g.head = append(g.head, p[:min(len(p), trialOutput-len(g.head))]...)
	return g.sum.Write(p)
}
