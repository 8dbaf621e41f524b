package source

import "sync/atomic"

// Cores counts the goroutines of a scan that keep a core busy, so that one that
// finds its work running behind knows whether a second one would help it. A nil
// *Cores has none to spare. It may be used by many goroutines.
type Cores struct {
	most int64
	busy atomic.Int64
}

// NewCores returns n cores, none of them busy.
func NewCores(n int) *Cores { return &Cores{most: int64(n)} }

// Enter says that a core is busy from now on, whether there is one to spare or
// not; Leave ends it.
func (c *Cores) Enter() {
	if c != nil {
		c.busy.Add(1)
	}
}

// Leave ends an Enter, or a Borrow.
func (c *Cores) Leave() {
	if c != nil {
		c.busy.Add(-1)
	}
}

// Spare reports whether a core is idle.
func (c *Cores) Spare() bool { return c != nil && c.busy.Load() < c.most }

// Borrow takes an idle core, if there is one.
func (c *Cores) Borrow() bool {
	for c.Spare() {
		if n := c.busy.Load(); n < c.most && c.busy.CompareAndSwap(n, n+1) {
			return true
		}
	}
	return false
}

// Wanted reports whether those that have not borrowed their core are short of
// it, so that who did is to give it back.
func (c *Cores) Wanted() bool { return c == nil || c.busy.Load() > c.most }
