package kubeaudit

import (
	"errors"

	"tideline/parsers"
	"tideline/parsers/internal/jsonfields"
)

var pathItems = jsonfields.Compile("items")

// list takes an EventList that comes as one record: what a webhook was sent
// (audit.k8s.io/v1, type EventList). Its items have neither kind nor version.
func (d *decoder) list(data []byte, nesting int) error {
	doc, err := d.outer.Parse(data)
	return d.members(doc, doc.Root().Find(nil, pathItems), err, nesting)
}

// array takes an array of events that comes as one record.
func (d *decoder) array(doc *jsonfields.Doc, damage error, nesting int) error {
	items := []jsonfields.Value{}
	for v := range doc.Root().Items {
		items = append(items, v)
	}
	return d.members(doc, items, damage, nesting)
}

// members decodes what is in a list. The first error of a member stands for
// all, and a list without a single event is not ours.
func (d *decoder) members(doc *jsonfields.Doc, items []jsonfields.Value, damage error, nesting int) error {
	if nesting >= maxNesting {
		return &parsers.RecordError{Code: "json.nesting", Reason: "lists of events inside lists of events, too deep to follow"}
	}
	texts := make([][]byte, len(items))
	for i, v := range items {
		texts[i] = append([]byte(nil), v.Text()...) // the parser is needed for what is inside
	}
	dropped := doc.Dropped()
	sum := tally{}
	for _, text := range texts {
		d.hash = 0 // of members there are no stencils
		if err := d.decode(text, nesting+1); !sum.add(err) {
			return err
		}
	}
	switch err := sum.result(); {
	case errors.Is(err, parsers.ErrForeign):
		return err
	case damage != nil:
		return &parsers.RecordError{Code: "json.damaged", Kept: sum.read > 0, Reason: "a list of events was read as far as it goes: " + damage.Error()}
	case dropped:
		return &parsers.RecordError{Code: "json.values", Kept: sum.read > 0, Reason: "a list of events too large to be read as one record"}
	default:
		return err
	}
}
