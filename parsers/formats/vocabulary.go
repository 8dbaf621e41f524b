package formats

import (
	"slices"

	"tideline/parsers"
	"tideline/parsers/envelope"
	"tideline/parsers/internal/words"
)

// A vocabulary is the words of envelopes (Envelope.Words), all of which are looked for
// at once: of the lines of other programs, which have none, nearly all envelopes are
// not asked.
type vocabulary struct {
	set   *words.Set
	masks []words.Mask // by envelope; 0: it is asked about any
}

func newVocabulary(envelopes []envelope.Envelope) *vocabulary {
	var all []string
	v := &vocabulary{masks: make([]words.Mask, len(envelopes))}
	for i, e := range envelopes {
		for _, w := range e.Words {
			at := slices.Index(all, w)
			if at < 0 {
				at = len(all)
				all = append(all, w)
			}
			v.masks[i] |= 1 << at
		}
	}
	v.set = words.New(all...)
	return v
}

// of is which of the words a record has.
func (v *vocabulary) of(rec *parsers.Record) words.Mask { return v.set.Find(rec.Data) }

// allows reports whether an envelope may open a record that has the words found.
func (v *vocabulary) allows(env int, found words.Mask) bool {
	return v.masks[env] == 0 || v.masks[env]&found != 0
}
