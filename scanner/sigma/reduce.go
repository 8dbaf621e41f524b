package sigma

import (
	"encoding/binary"
	"slices"
)

// A term is a code of which there is one only: equal codes are the same term,
// so that what was found out of one holds for all rules that have it.
type term struct {
	id    int32
	code  *code
	kids  []*term
	field int    // of an item that can be part of a class, else noField
	votes []vote // fields below it that can be asked

	declared bool // see narrower.declare
}

// A vote is for asking a field next: of weight two if the answer decides a
// whole operand of an AND.
type vote struct{ field, weight int }

// A reducer makes terms, and puts the answers of classes into them.
type reducer struct {
	set   *Set
	terms map[string]*term // by what they are made of
	list  []*term          // by id
	byOld map[*code]*term
	slots []int32 // by predicate: its place in the vectors of its field
	key   []byte

	field, class int
	vector       []uint64
	made         map[uint64]int32 // what reduce has made of terms: see reduction
}

// reduction names what is left of a term when the class of a field is put in.
func (r *reducer) reduction(t *term) uint64 {
	return uint64(t.id)<<32 | uint64(r.field)<<classBits | uint64(r.class)
}

// classBits are enough for maxClasses.
const classBits = 9

// What is left of a term is the id of another, or one of these.
const (
	isNo  int32 = -1
	isYes int32 = -2
)

// reduced is what is left of a term: an answer, or, if that is unknown, a term.
type reduced struct {
	answer uint32
	term   *term
}

func (d reduced) packed() int32 {
	switch d.answer {
	case no:
		return isNo
	case yes:
		return isYes
	}
	return d.term.id
}

func newReducer(s *Set) *reducer {
	return &reducer{set: s, terms: map[string]*term{}, byOld: map[*code]*term{}, slots: make([]int32, len(s.preds)), made: map[uint64]int32{}}
}

// intern returns the term of c.
func (r *reducer) intern(c *code) *term {
	if t := r.byOld[c]; t != nil {
		return t
	}
	kids := make([]*term, len(c.kids))
	for i, k := range c.kids {
		kids[i] = r.intern(k)
	}
	t := r.term(c.op, c.pred, kids)
	r.byOld[c] = t
	return t
}

// term returns the one term of an operation.
func (r *reducer) term(o op, pred int32, kids []*term) *term {
	r.key = append(r.key[:0], byte(o))
	r.key = binary.LittleEndian.AppendUint32(r.key, uint32(pred))
	for _, k := range kids {
		r.key = binary.LittleEndian.AppendUint32(r.key, uint32(k.id))
	}
	if t := r.terms[string(r.key)]; t != nil {
		return t
	}
	t := &term{id: int32(len(r.terms)), code: &code{op: o, pred: pred}, kids: kids, field: noField}
	for _, k := range kids {
		t.code.kids = append(t.code.kids, k.code)
	}
	t.code.weigh()
	r.terms[string(r.key)] = t
	r.list = append(r.list, t)
	if o == opItem {
		t.field, t.code.dear = r.classedField(pred), r.set.dear(pred)
	}
	t.vote()
	return t
}

// classedField is the field of a predicate that asks one field, and not a dear
// one; else noField.
func (r *reducer) classedField(pred int32) int {
	p := &r.set.preds[pred]
	if p.kind == predRef || r.set.dearField(p.field) {
		return noField
	}
	return p.field
}

// vote collects the votes of the kids.
func (t *term) vote() {
	if t.field != noField {
		t.votes = []vote{{t.field, 2}}
		return
	}
	for _, k := range t.kids {
		decides := t.code.op == opAnd && len(k.votes) == 1
		for _, v := range k.votes {
			if !decides {
				v.weight = 1
			}
			at := slices.IndexFunc(t.votes, func(o vote) bool { return o.field == v.field })
			if at < 0 {
				t.votes = append(t.votes, v)
			} else {
				t.votes[at].weight = max(t.votes[at].weight, v.weight)
			}
		}
	}
}

// put chooses the class whose answers reduce puts in.
func (r *reducer) put(field, class int, vector []uint64) {
	r.field, r.class, r.vector = field, class, vector
}

func (r *reducer) reduce(t *term) reduced {
	if t.field == noField && !slices.ContainsFunc(t.votes, func(v vote) bool { return v.field == r.field }) {
		return reduced{unknown, t}
	}
	key := r.reduction(t)
	switch left, ok := r.made[key]; {
	case !ok:
		out := r.reduceNew(t)
		r.made[key] = out.packed()
		return out
	case left == isNo:
		return reduced{no, nil}
	case left == isYes:
		return reduced{yes, nil}
	default:
		return reduced{unknown, r.list[left]}
	}
}

// reduceNew is reduce of a term that was not met yet.
func (r *reducer) reduceNew(t *term) reduced {
	switch t.code.op {
	case opItem:
		slot := r.slots[t.code.pred]
		switch {
		case t.field != r.field:
			return reduced{unknown, t}
		case r.vector[slot>>6]>>(slot&63)&1 != 0:
			return reduced{yes, nil}
		}
		return reduced{no, nil}
	case opNot:
		switch k := r.reduce(t.kids[0]); k.answer {
		case yes:
			return reduced{no, nil}
		case no:
			return reduced{yes, nil}
		default:
			return reduced{unknown, r.term(opNot, 0, []*term{k.term})}
		}
	}
	return r.reduceKids(t)
}

// reduceKids reduces an AND or an OR: one kid may decide it, and those that do
// not matter any more are left out.
func (r *reducer) reduceKids(t *term) reduced {
	decides, idle := decisive(t.code.op)
	var kids []*term
	for _, kid := range t.kids {
		switch k := r.reduce(kid); k.answer {
		case decides:
			return reduced{decides, nil}
		case unknown:
			kids = append(kids, k.term)
		}
	}
	switch len(kids) {
	case 0:
		return reduced{idle, nil}
	case 1:
		return reduced{unknown, kids[0]}
	}
	return reduced{unknown, r.term(t.code.op, 0, kids)}
}
