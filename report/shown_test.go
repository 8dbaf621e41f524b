package report

import (
	"bytes"
	"reflect"
	"sync"
	"testing"

	"tideline/scanner/finding"
)

// TestFindingsAreMaskedOnceForAllWriters: what writers share is what a Redactor of
// their own would give each, whoever asks first; and nothing is masked that nobody
// asks for.
func TestFindingsAreMaskedOnceForAllWriters(t *testing.T) {
	for _, o := range []Options{{}, {ShowSecrets: true}, {FingerprintKey: []byte("own")}} {
		list := sampleFindings()
		masker := NewMasker(o)
		var shown []*Shown
		for i := range list {
			shown = append(shown, masker.Show(&list[i]))
		}
		var work sync.WaitGroup
		got := make([][]*finding.Finding, 4)
		for w := range got {
			work.Go(func() {
				for _, s := range shown {
					got[w] = append(got[w], s.Masked())
				}
			})
		}
		work.Wait()
		for i := range list {
			want := NewRedactor(o).Finding(&list[i])
			for w := range got {
				if got[w][i] != got[0][i] {
					t.Fatalf("finding %d was masked twice", i)
				}
			}
			if !reflect.DeepEqual(*got[0][i], want) {
				t.Errorf("finding %d\n got %+v\nwant %+v", i, *got[0][i], want)
			}
		}
	}
	f := sampleFindings()[0]
	f.Score = -1
	var b bytes.Buffer
	s := NewMasker(Options{}).Show(&f)
	if err := newNavigator(&b, Options{}).Write(s); err != nil {
		t.Fatal(err)
	}
	if s.masked.Schema != "" {
		t.Error("a finding was masked of which nothing is written")
	}
}

// TestMaskCounters: writers that write all findings say how many secrets are masked
// in them.
func TestMaskCounters(t *testing.T) {
	list, masker := sampleFindings(), NewMasker(Options{})
	want := int64(0)
	for i := range list {
		want += int64(masker.Show(&list[i]).Masked().Masked)
	}
	if want == 0 {
		t.Fatal("the sample has no secrets")
	}
	for _, f := range Formats() {
		var b bytes.Buffer
		w := f.New(&b, Options{})
		c, counts := w.(MaskCounter)
		if all := f.Name != "table" && f.Name != "navigator"; counts != all {
			t.Errorf("%s counts: %v", f.Name, counts)
		}
		if err := w.Begin(sampleOverview()); err != nil {
			t.Fatal(err)
		}
		for i := range list {
			if err := w.Write(masker.Show(&list[i])); err != nil {
				t.Fatal(err)
			}
		}
		if counts && c.Masked() != want {
			t.Errorf("%s: %d masked, want %d", f.Name, c.Masked(), want)
		}
	}
}
