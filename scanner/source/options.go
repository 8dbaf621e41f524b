package source

import "io"

// Options bound what one input may cost. The zero value is the default.
type Options struct {
	Passwords   []string // Optional: for encrypted archives, tried in order; "infected" is always tried too
	MaxExpanded int64    // decompressed bytes per input; 0 means 1 TiB
	MaxMembers  int      // members per input, over all its archives; 0 means 1,000,000
	MaxDepth    int      // archives inside archives, and codecs on one member; 0 means 8
	MaxRatio    float64  // Optional: decompressed to compressed; exceeding it is noted and never stops anything

	Inflate string // Optional: what decodes gzip and deflate, InflateOwn or InflateKlauspost; "" means our own

	// Cores, where one is idle, are used to decode a stream ahead of who reads it.
	// Who calls Streams has entered itself. Optional.
	Cores *Cores

	SevenZip SevenZipOpener         // Optional: what reads 7z archives; without it they are a gap
	Stdin    io.Reader              // Optional: what "-" reads; nil means os.Stdin
	Progress func(compressed int64) // Optional: told the bytes just read from the evidence; called from many goroutines
}

// Defaults of Options, and limits that have no option because raising them
// would only raise what a hostile file may cost.
const (
	defaultExpanded = 1 << 40
	defaultMembers  = 1_000_000
	defaultDepth    = 8

	maxWindow  = 64 << 20      // bytes of history that one decoder may ask for
	maxHistory = 2 * maxWindow // bytes that the decoders of one input may keep together
	maxName    = 4096          // bytes of a member's name that are shown
	maxTrials  = 100_000       // trial decodes while looking for the next sound member of one stream
)

func (o Options) withDefaults() Options {
	if o.MaxExpanded <= 0 {
		o.MaxExpanded = defaultExpanded
	}
	if o.MaxMembers <= 0 {
		o.MaxMembers = defaultMembers
	}
	if o.MaxDepth <= 0 {
		o.MaxDepth = defaultDepth
	}
	if o.Progress == nil {
		o.Progress = func(int64) {}
	}
	return o
}

// passwords is what is tried on an encrypted member, in order. "infected" is
// the convention for samples and evidence sent by mail.
func (o Options) passwords() []string {
	return append(append([]string{}, o.Passwords...), "infected")
}
