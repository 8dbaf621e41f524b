package scanner

import (
	"runtime"
	"time"

	"tideline/parsers"
	"tideline/scanner/baseline"
	"tideline/scanner/ruleset"
	"tideline/scanner/source"
)

// Options are what Collect is told. Reader and Rules must be set; the zero
// value of everything else is the default.
type Options struct {
	Reader    parsers.Reader
	Rules     *ruleset.Ruleset
	Source    source.Options
	Format    string        // Optional: the format of every input; "" detects it
	MaxRecord int           // Optional: bytes of a record parsed in full; 0 means the reader's default
	Workers   int           // goroutines; 0 means the usable CPUs
	SortLimit int           // bytes of hits held before they are written to a run; 0 means a default
	Strict    bool          // notes count as gaps
	Keep      time.Duration // Optional: of a night, how long before the newest event hits are kept one by one; 0 means 35 days
	Verify    bool          // Optional: of a night, compare the content of every file that is known
	Choice    string        // Optional: of a night, what chooses its findings; under another choice than the last one there is something to tell without news
	listed    int           // members of an input with a ledger entry of their own; 0 means maxListed
	held      int           // entries of the ledger that are held; 0 means longLedger
	Watch     Watcher       // Optional: told how it is getting on
	Below     string        // Optional: a ReportOptions.MinLevel under which alone the partial is concluded; of hits that no report can show then the evidence is not kept
	KeepEvery bool          // keep the raw record of every hit, for a time window that is cut out later; else repetitions keep their place only
}

func (o *Options) workers() int {
	if o.Workers > 0 {
		return o.Workers
	}
	return runtime.GOMAXPROCS(0)
}

// cores is how many goroutines are kept busy with one input when others are not:
// more workers than there are processors help nobody, and each of them learns what
// the log repeats anew.
func (o *Options) cores() int { return min(o.workers(), runtime.GOMAXPROCS(0)) }

// ReportOptions are what Conclude is told: which findings to report. The zero
// value reports all of them.
type ReportOptions struct {
	MinLevel     string             // Optional: findings below it are counted, not reported
	MinScore     int                // likewise
	Since, Until time.Time          // Optional: findings outside are not considered at all
	Tags         []string           // Optional: only rules with one of these tags; see HasTag
	Only         []string           // Optional: only rules of these keys or titles
	Exclude      []string           // rules to leave out
	Strict       bool               // notes count as gaps
	Baseline     *baseline.Baseline // Optional: what is normal; nil means the first part of the evidence
	Arguments    []string           // for Tool.Arguments
	Version      string             // for Tool.Version
	Spend        bool               // Conclude is the last to need the partials: of each only the ledger is left
}

// A Watcher is told how a Collect is getting on, which waits for it. Several goroutines
// call it at once.
type Watcher interface {
	// Reading says that the stream at path, which may lie within archives, is read from
	// now on.
	Reading(path string)
	// Found says that something was found which will be, or become part of, the finding
	// with that id; not of most of what repeats itself. When all is concluded there may be
	// fewer, and others that several acts amount to.
	Found(id, level string)
}
