package report

import (
	"slices"
	"strings"
)

// Heights of the first screen, in lines. A terminal of 24 lines is the least
// that is designed for; where the height is not known, a page is.
const (
	minHeight     = 22
	defaultHeight = 40
)

// A text is a line of the screen with its style.
type text struct{ style, line string }

// A block is one part of the screen: a title, and entries in the order in which
// they are given up from the end when the room is short. An entry is one thing
// said, in one line or more; it is shown whole or not at all.
type block struct {
	title   string                 // "" for none
	note    func(shown int) string // Optional: said behind the title, given how many entries are shown
	entries [][]text
	order   []int // Optional: the places of the entries in the order of reading, if that is another
	least   int   // lines without which the block says too little
	good    int   // lines that are enough
	given   int   // lines that arrange gave, the title not counted
}

// take is how many entries fit n lines, and the lines they need.
func (b *block) take(n int) (entries, lines int) {
	for _, e := range b.entries {
		if lines+len(e) > n {
			break
		}
		entries, lines = entries+1, lines+len(e)
	}
	return entries, lines
}

// print prints what fits the lines given.
func (b *block) print(p *printer) {
	n, _ := b.take(b.given)
	if b.title != "" {
		title := strings.ToUpper(b.title)
		if b.note != nil {
			title = strings.TrimRight(title+"  "+b.note(n), " ")
		}
		p.styled(bold, title)
	}
	shown := make([]int, n)
	for i := range shown {
		shown[i] = i
	}
	if b.order != nil {
		slices.SortFunc(shown, func(x, y int) int { return b.order[x] - b.order[y] })
	}
	for _, i := range shown {
		for _, t := range b.entries[i] {
			p.styled(t.style, t.line)
		}
	}
}

func (b *block) natural() int {
	_, n := b.take(1 << 30)
	return n
}

func (b *block) titled() int {
	if b.title == "" {
		return 0
	}
	return 1
}

// arrange gives every block its lines out of height: what it cannot do without,
// then an empty line between blocks, then what is enough, then the rest, each
// time in the order of need. What does not fit even so is taken from the blocks
// that are needed least. It reports whether there is room for empty lines.
func arrange(height int, need []*block) (airy bool) {
	left := height
	for _, b := range need {
		b.fill(min(b.least, b.natural()))
		left -= b.titled() + b.given
	}
	for i := len(need) - 1; i > 0 && left < 0; i-- {
		b := need[i]
		had := b.given
		b.fill(max(0, b.given+left))
		if left += had - b.given; b.given == 0 {
			left += b.titled()
		}
	}
	grow := func(upTo func(*block) int) {
		for _, b := range need {
			if b.given == 0 && left <= b.titled() {
				continue
			}
			had := b.given
			b.fill(max(b.given, min(b.given+left, upTo(b), b.natural())))
			left -= b.given - had
		}
	}
	if gaps := len(need) - 1; left >= gaps {
		airy, left = true, left-gaps
	}
	grow(func(b *block) int { return b.good })
	grow((*block).natural)
	return airy
}

// fill gives b as many of n lines as whole entries take.
func (b *block) fill(n int) { _, b.given = b.take(n) }
