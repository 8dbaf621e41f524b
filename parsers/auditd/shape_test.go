package auditd

import (
	"bytes"
	"math/rand"
	"slices"
	"testing"

	"tideline/parsers"
)

// lexTwice cuts a body with and without the shapes met so far.
func lexTwice(t *testing.T, guess *shapes, names *nameTable, kind rectype, body []byte) (guessed bool) {
	t.Helper()
	cut := func(s *shapes) (*group, *record) {
		g := &group{names: names, shapes: s, buf: bytes.Clone(body)}
		g.recs = append(g.recs, record{number: kind, body: span{0, uint32(len(body))}, first: -1})
		g.of(&g.recs[0])
		return g, &g.recs[0]
	}
	g, r := cut(guess)
	exact := &shapes{made: maxShapes} // learns nothing
	want, _ := cut(exact)
	if !slices.Equal(g.fields, want.fields) {
		t.Fatalf("body %q\nguessed %+v\nwant    %+v", body, g.fields, want.fields)
	}
	for id := range names.names {
		var f *field
		for i := range want.fields {
			if want.fields[i].id == nameID(id) {
				f = &want.fields[i]
				break
			}
		}
		if got := g.find(r, nameID(id)); (got == nil) != (f == nil) || f != nil && *got != *f {
			t.Fatalf("body %q: %s is %+v, want %+v", body, names.names[id], got, f)
		}
	}
	return r.shape != nil
}

// bodies are the bodies of real and made records.
func bodies(t testing.TB) (kinds []rectype, list [][]byte) {
	logs := [][]byte{execLog(20, true), execLog(20, false)}
	for _, log := range logs {
		for _, line := range bytes.Split(log, []byte("\n")) {
			if h, ok := parseHeader(line, &stampMemo{}); ok && !h.interpreted {
				kind, _ := lookupType(h.kind)
				kinds, list = append(kinds, kind), append(list, h.body)
			}
		}
	}
	for _, body := range []string{
		` pid=2000 uid=0 auid=4294967295 ses=4294967295 subj=unconfined msg='op=PAM:session_open grantors=pam_permit,pam_unix acct="root" exe="/usr/sbin/cron" hostname=? addr=? terminal=cron res=success'` + "\x1d" + `UID="root" AUID="unset"`,
		` pid=1 uid=0 auid=4294967295 ses=4294967295 msg='unit=x comm="systemd" exe="/usr/lib/systemd/systemd" hostname=? addr=? terminal=? res=success'UID="root" AUID="unset"`,
		` saddr=020001BB0A2C12AF0000000000000000` + "\x1d" + `SADDR={ saddr_fam=inet laddr=10.44.18.175 lport=443 }`,
		` login pid=1 uid=0 old auid=4294967295 new auid=1000 old ses=4294967295 new ses=3`,
		` avc:  denied  { read } for  pid=3 comm="x" name="y" dev=sda1 ino=4 scontext=a tcontext=b tclass=file`,
		` op=add_rule key="x" list=4 res=1 (reason: none)`,
	} {
		kinds, list = append(kinds, typeSyscall), append(list, []byte(body))
	}
	return kinds, list
}

// TestShapesReadLikeTheLexer mutates records of shapes that are known.
func TestShapesReadLikeTheLexer(t *testing.T) {
	_, names := compile([]string{"type", "exe", "a0", "a1", "name", "grantors", "terminal", "inode", "SADDR"})
	kinds, list := bodies(t)
	r := rand.New(rand.NewSource(3))
	guess := new(shapes)
	pieces := []string{" ", "=", "\x1d", "\"", "'", ",", "}", "{ ", "(", ")", "msg='", " old ", "AUID=", "UID=\"", "a1=", " exe=\"x\"", "\t", "\\\"", "&quot;", "=\\\"", ""}
	fits := 0
	for range 60_000 {
		i := r.Intn(len(list))
		body := bytes.Clone(list[i])
		for range r.Intn(3) {
			at := r.Intn(len(body) + 1)
			body = slices.Insert(body, at, []byte(pieces[r.Intn(len(pieces))])...)
			if at = r.Intn(len(body)); r.Intn(3) == 0 {
				body = slices.Delete(body, at, min(len(body), at+1+r.Intn(4)))
			}
		}
		if guess.made > maxShapes/2 {
			*guess = shapes{}
		}
		if lexTwice(t, guess, names, kinds[i], body) {
			fits++
		}
	}
	if fits < 10_000 {
		t.Errorf("only %d records were read by their shape", fits)
	}
}

func FuzzShape(f *testing.F) {
	_, names := compile([]string{"type", "exe", "a0", "name", "grantors"})
	kinds, list := bodies(f)
	for i := range list[:min(len(list), 40)] {
		f.Add(uint16(kinds[i]), list[i], list[(i+6)%len(list)])
	}
	f.Fuzz(func(t *testing.T, kind uint16, first, second []byte) {
		guess := new(shapes)
		lexTwice(t, guess, names, rectype(kind), first)
		lexTwice(t, guess, names, rectype(kind), second)
		lexTwice(t, guess, names, rectype(kind), first)
	})
}

// TestShapesAreFound: nearly all records of a plain log have a shape.
func TestShapesAreFound(t *testing.T) {
	dec := newDecoder(parsers.Options{}).(*decoder)
	with, all := 0, 0
	emit := func(*parsers.Event) error {
		for i := range dec.rd.g.recs {
			r := &dec.rd.g.recs[i]
			dec.rd.g.of(r)
			if all++; r.shape != nil {
				with++
			}
		}
		return nil
	}
	decodeAll(t, dec, execLog(2000, true), emit)
	if err := dec.Flush(emit); err != nil {
		t.Fatal(err)
	}
	if with < all*99/100 {
		t.Errorf("%d of %d records have a shape", with, all)
	}
}
