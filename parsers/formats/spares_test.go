package formats

import (
	"context"
	"io"
	"strings"
	"testing"

	"tideline/parsers"
)

// A thrifty decoder can be used again, unless it was asked for that too often.
type thrifty struct {
	alphaDecoder
	uses *int
}

func (d thrifty) Reuse() bool {
	*d.uses--
	return *d.uses > 0
}

// A shelf holds a decoder of each format.
type shelf map[*parsers.Format]parsers.Decoder

func (s shelf) Take(f *parsers.Format) parsers.Decoder {
	d := s[f]
	delete(s, f)
	return d
}

func (s shelf) Keep(f *parsers.Format, d parsers.Decoder) { s[f] = d }

func TestDecodersAreUsedAgain(t *testing.T) {
	made := 0
	f := *alpha
	f.NewDecoder = func(parsers.Options) parsers.Decoder {
		made++
		uses := 3
		return thrifty{uses: &uses}
	}
	r := newReader([]*parsers.Format{&f, beta}, fakeEnvelopes)
	spares := shelf{}
	read := func(what string, o parsers.ReadOptions, stream io.Reader, sink parsers.Sink, wantErr error, wantMade, wantSpare int) {
		t.Helper()
		o.Spares = []parsers.Spares{spares}
		if _, err := r.Read(context.Background(), parsers.Stream{Reader: stream}, o, []parsers.Sink{sink}); err != wantErr {
			t.Fatalf("%s: %v", what, err)
		}
		if made != wantMade || len(spares) != wantSpare {
			t.Errorf("%s: %d decoders made, want %d; %d to spare, want %d", what, made, wantMade, len(spares), wantSpare)
		}
	}
	text := func() io.Reader { return strings.NewReader("A one\nB two\nA three\n") }
	read("the first stream", parsers.ReadOptions{}, text(), &notepad{}, nil, 1, 1)
	read("the second", parsers.ReadOptions{}, text(), &notepad{}, nil, 1, 1)
	read("one that goes on in another", parsers.ReadOptions{Carry: true}, text(), &notepad{}, nil, 2, 1)
	read("a broken one", parsers.ReadOptions{}, io.MultiReader(text(), brokenReader{}), &notepad{}, nil, 2, 0)
	read("the next has a new one", parsers.ReadOptions{}, text(), &notepad{}, nil, 3, 1)
	read("the sink gives up", parsers.ReadOptions{}, text(), refusing{}, errRefused, 3, 0)
	read("behind that too", parsers.ReadOptions{}, text(), &notepad{}, nil, 4, 1)
}

// A refusing sink takes no event.
type refusing struct{ parsers.Sink }

func (refusing) Event(*parsers.Format, *parsers.Event) error { return errRefused }
func (refusing) Remark(parsers.Remark)                       {}
