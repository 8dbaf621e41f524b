package pending

// answers are the last answeredWindow answers of a stream. Most streams never
// ask for one, so they are but listed until the first question, and from then on
// also found: by chains through the list, since a map of so many is dear to fill.
type answers struct {
	list  []Answer // a ring, from when it is full
	count uint32   // of all answers so far

	// By the last bits of the hash, and by place in list: which answer came before,
	// by its number, from 1. nil until the first question.
	heads, before []uint32
}

// answerHeads is the number of chains: a power of two.
const answerHeads = 64 << 10

func (a *answers) add(x Answer) {
	if a.list == nil {
		a.list = make([]Answer, answeredWindow)
	}
	a.list[a.count%answeredWindow] = x
	a.count++ // in 2³² answers it begins anew, and the first questions then find fewer
	if a.heads != nil {
		a.link(a.count)
	}
}

// link puts the n-th answer at the beginning of its chain.
func (a *answers) link(n uint32) {
	at := (n - 1) % answeredWindow
	head := &a.heads[a.list[at].hash%answerHeads]
	a.before[at], *head = *head, n
}

// after reports whether a request at an offset was answered behind it.
func (a *answers) after(hash uint64, offset int64) bool {
	if a.count == 0 {
		return false
	}
	if a.heads == nil {
		a.heads, a.before = make([]uint32, answerHeads), make([]uint32, answeredWindow)
		for n := a.count - min(a.count, answeredWindow); n < a.count; n++ {
			a.link(n + 1)
		}
	}
	for n := a.heads[hash%answerHeads]; n > 0 && n <= a.count && a.count-n < answeredWindow; {
		at := (n - 1) % answeredWindow
		if x := &a.list[at]; x.hash == hash && x.offset > offset {
			return true
		}
		n = a.before[at]
	}
	return false
}
