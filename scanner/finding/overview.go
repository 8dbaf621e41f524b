package finding

// ReportSchema identifies the wire form of the JSON report.
const ReportSchema = "tideline.report/1"

// An Overview is everything a report says besides its findings. It is
// complete before the first finding is written.
type Overview struct {
	Summary  Summary    `json:"summary"`
	Actors   []Actor    `json:"actors"` // highest score first
	Exposure []Exposure `json:"exposure"`
	Coverage Coverage   `json:"coverage"`
	Ledger   []Entry    `json:"ledger"` // in order of path; empty where Long is set
	Long     Entries    `json:"-"`      // Optional: a ledger that is too long to be held
	Tool     Tool       `json:"tool"`
	News     *News      `json:"news,omitempty"` // of a run with a state: what it tells; nil without
	Top      []Finding  `json:"-"`              // the findings of highest score, for readers in a hurry; at most TopFindings
	Unlisted int64      `json:"-"`              // findings that gave away credentials for which Exposure had no room; Coverage.Blind says it too
}

// News says how the findings of a run with a state relate to those of the runs
// before: only what is new or has changed is reported, the rest of the overview
// is of everything that was ever read.
type News struct {
	Since   Time   `json:"since"` // the newest event that the run before had read; zero for the first run
	New     int64  `json:"new"`
	Changed int64  `json:"changed"` // told before, and say more now: see ToldBefore
	Gone    int64  `json:"gone"`    // told before, and explained otherwise by now
	Said    string `json:"said"`    // in words

	Withdrawn []string `json:"withdrawn"` // ids of those that are Gone, the first MaxWithdrawn in order
}

// MaxWithdrawn bounds News.Withdrawn.
const MaxWithdrawn = 1000

// ToldBefore begins the reason, worth no points, for which a finding is told
// again.
const ToldBefore = "told before "

// TopFindings bounds Overview.Top.
const TopFindings = 200

// A Summary is the scan in a few numbers.
type Summary struct {
	Verdict     string           `json:"verdict"`  // a sentence or two for a tired person
	Complete    bool             `json:"complete"` // no gap, no rule refused, no correlation that gave up, not interrupted
	Sources     int              `json:"sources"`
	Unread      int              `json:"unread"` // sources in which no known format was recognised
	Bytes       int64            `json:"bytes"`  // decompressed
	Records     int64            `json:"records"`
	Events      int64            `json:"events"`
	First       Time             `json:"first"`
	Last        Time             `json:"last"`
	Findings    int64            `json:"findings"` // reported
	Hidden      int64            `json:"hidden"`   // found, but below the level or score asked for
	ByLevel     map[string]int64 `json:"by_level"` // found, shown or not
	ByOutcome   map[string]int64 `json:"by_outcome"`
	NoteCount   int64            `json:"notes"`
	GapCount    int64            `json:"gaps"`
	GapBytes    int64            `json:"gap_bytes"`
	Masked      int64            `json:"-"` // secrets masked: known when the reports are written, and no part of what they say
	Timeline    Timeline         `json:"timeline"`
	Interrupted bool             `json:"interrupted"`
}

// A Timeline counts events in equal steps of time, findings or not, so that a
// report shows activity and silence.
type Timeline struct {
	Step    int64    `json:"step"`    // seconds per bucket
	Buckets []Bucket `json:"buckets"` // only those with events, in order
}

// A Bucket of a Timeline.
type Bucket struct {
	Time     Time             `json:"time"` // its start
	Events   int64            `json:"events"`
	Denied   int64            `json:"denied"` // events with outcome denied
	Findings int64            `json:"findings"`
	Formats  map[string]int64 `json:"formats"`
}

// A Tool says what made the report, so that it can be made again.
type Tool struct {
	Name      string   `json:"name"`
	Version   string   `json:"version"`
	Rules     int      `json:"rules"`
	RulesHash string   `json:"rules_hash"` // sha256 over the texts of all rules, in order of id
	Arguments []string `json:"arguments"`  // what decided the content: options, not paths of outputs or worker counts
}
