package ledger

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"

	"tideline/parsers"
	"tideline/scanner/finding"
	"tideline/scanner/text"
)

// maxListed is how many members of one input have a ledger entry of their own.
// An archive may have a million members, and an entry takes half a kilobyte
// from when its member was read until the report is written.
const maxListed = 100_000

// An Unlisted is the ledger entry of the members of one input beyond those that are
// listed one by one. Members come in the order of the archive, so that it does
// not depend on workers which of them are listed.
type Unlisted struct {
	listed int
	rest   finding.Entry
	names  hash.Hash // of lines "SHA256  PATH", as sha256sum prints them
	all    Remarks
	count  int64
}

// Takes adds e, unless it is to be listed: the first limit are; 0 means 100,000.
func (c *Unlisted) Takes(e *finding.Entry, limit int) bool {
	if limit == 0 {
		limit = maxListed
	}
	if c.listed < limit {
		c.listed++
		return false
	}
	if c.count == 0 {
		c.names = sha256.New()
		c.rest.Codecs = []string{}
	}
	c.count++
	fmt.Fprintf(c.names, "%s  %s\n", e.SHA256, e.Path)
	r := &c.rest
	r.Size += e.Size
	r.Bytes.Read += e.Bytes.Read
	r.Bytes.Events += e.Bytes.Events
	r.Bytes.Notes += e.Bytes.Notes
	r.Bytes.Gaps += e.Bytes.Gaps
	if c.count == 1 {
		r.Format = e.Format
	} else if r.Format != e.Format {
		r.Format = "" // of several: they have no coverage in common
	}
	r.Details, r.Matched = text.Merge(r.Details, e.Details), text.Merge(r.Matched, e.Matched)
	r.Records += e.Records
	r.Events += e.Events
	r.First.Time, r.Last.Time = finding.Earlier(r.First.Time, e.First.Time), finding.Later(r.Last.Time, e.Last.Time)
	for _, list := range [][]parsers.Remark{e.Notes, e.Gaps} {
		for _, m := range list {
			m.Reason = "first in " + e.Path + ": " + m.Reason
			c.all.addFirst(m)
		}
	}
	return true
}

// addFirst is add for remarks of different streams: the first that comes gives
// place and reason.
func (r *Remarks) addFirst(m parsers.Remark) {
	for i := range r.List {
		if have := &r.List[i]; have.Code == m.Code && have.Gap == m.Gap {
			have.Count += max(m.Count, 1)
			have.Bytes += m.Bytes
			return
		}
	}
	r.Add(m)
}

// Leave returns the entry of them, as members of input, and makes ready for the next input; nil
// if every member is listed.
func (c *Unlisted) Leave(input string) *finding.Entry {
	defer func() { *c = Unlisted{} }()
	if c.count == 0 {
		return nil
	}
	e := c.rest
	e.Path = fmt.Sprintf("%s!(%d more members)", input, c.count)
	e.Looks = finding.ArchiveLooks
	e.SHA256 = hex.EncodeToString(c.names.Sum(nil))
	c.all.Add(parsers.Remark{Code: "ledger.folded", Count: c.count,
		Reason: fmt.Sprintf("%d members of this input are listed one by one; these were read, searched and hashed like them and are told together: sha256 is that of their lines \"SHA256  PATH\"", c.listed),
		Lift:   "unpack the archive and scan its parts"})
	e.Notes, e.Gaps = c.all.Split(false)
	return &e
}
