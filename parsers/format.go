package parsers

// SniffLen is the most bytes of a stream's beginning, decompressed, that a
// Format is shown to recognise it.
const SniffLen = 64 << 10

// Confidence says how sure a Format is that bytes are its own. Zero means no.
type Confidence int

// The steps of Confidence that formats use; values between them are allowed
// and only their order matters.
const (
	No      Confidence = 0
	Maybe   Confidence = 25 // the shape fits, the words do not tell
	Likely  Confidence = 60 // several marks of the format
	Certain Confidence = 95 // a mark that nothing else has
)

// A Verdict is a Format's answer to bytes it was shown. Why is a short clause
// ("no type= and msg=audit(") that explains a refusal to a person; it may be
// empty when Confidence is not No.
type Verdict struct {
	Confidence Confidence
	Why        string
}

// A LogSource is the triple by which a Sigma rule names the logs it is for
// (Sigma specification 2.1, section "logsource"). An empty part is unset.
type LogSource struct {
	Category, Product, Service string
}

// A Kind is one sort of view that a format's events have. A Sigma rule applies
// to it if every part of the rule's log source that is set equals, without
// regard to case, that of at least one of Sources.
type Kind struct {
	Name    string      // stable, for reports: "process_creation"
	Sources []LogSource // the log sources under which rules see this view
}

// A Format is everything the scanner knows about one log format. A parser
// package exports exactly one, as a variable named Format; it is immutable.
type Format struct {
	Name  string // stable: appears in reports and is taken by --input-format
	Title string // one line for people, shown by "tideline formats"

	// Kinds are the views that events of this format can have. View.Kind is
	// an index into it.
	Kinds []Kind

	// Mapping is the table of the fields that rules can ask for.
	Mapping []Mapping

	// Sniff says whether bytes look like this format. prefix starts at a
	// record, with envelopes taken off, is at most SniffLen bytes and may end
	// within a record; path is the name of the stream inside the evidence, a
	// hint at most. Sniff is pure.
	Sniff func(prefix []byte, path string) Verdict

	// Stateful: the records of one event may lie apart, so that a stream
	// must be decoded in order by one Decoder.
	Stateful bool

	// NewDecoder returns a Decoder for one stream.
	NewDecoder func(Options) Decoder

	// Rejoin decodes one event whose records lie in several streams of a
	// rotation set; parts are in the order of the set, at least one, and their
	// events had Parted set. Of a single part it makes the event that it came
	// from. The positions of the event are those of the parts, one after the
	// other. Nil for a format whose events are never parted.
	Rejoin func(o Options, parts []Parted, emit func(*Event) error) error

	// Needs tells which of the details that events of this format report
	// (Facts.Details) a field can come with: the field is only ever present
	// if at least one of them was seen. Nil or an empty answer: always. The
	// empty field stands for the view as a whole.
	// It is how the report can say that a rule could not have fired, instead
	// of keeping silent. Optional: nil means no field needs anything.
	Needs func(kind int, field string) []string
}

// Options are what a Decoder is told. The zero value asks for no fields.
type Options struct {
	// Fields are the names by which views will be asked for values: field i
	// of Fields.Values is Fields[i] here. The names are as rules spell them;
	// one that the format does not know never has a value.
	Fields []string

	// Asked is how many of Fields, from the first on, rules decide by. The
	// others are only looked up in an event that a rule matched. 0: all.
	Asked int

	// Plans keeps what formats make of Fields, for the decoders of other streams
	// that are told the same. Optional.
	Plans *Plans

	// Brief: Event.Raw may be left out of events, for most are looked at by
	// nobody. Event.Records tells it all the same.
	Brief bool
}

// Asking is how many of Fields rules may decide by.
func (o *Options) Asking() int {
	if o.Asked > 0 && o.Asked < len(o.Fields) {
		return o.Asked
	}
	return len(o.Fields)
}

// A Decoder turns the records of one stream into events. One goroutine uses
// it. It never keeps bytes of a record after Decode returned, and never reads
// a clock, a locale or a file.
type Decoder interface {
	// Decode takes the next record and calls emit for every event that it
	// completes: none, one or many. It returns
	//
	//   - nil: the record was understood, its bytes count as events;
	//   - a *RecordError: the record is unusable, or only its head was (then
	//     emit may have been called before); decoding goes on;
	//   - ErrForeign: the record is not of this format, and nothing of it
	//     was kept; another format may be tried;
	//   - an error of emit, as it came: the stream is given up.
	Decode(rec *Record, emit func(*Event) error) error

	// Flush emits what was held back waiting for more records. It is called
	// once, after the last Decode. Its error is like that of Decode, or several
	// *RecordErrors joined by errors.Join.
	Flush(emit func(*Event) error) error
}

// A Carrier is a Decoder of a stateful format that can go on in another stream:
// what two decoders make of two parts of a stream, cut between records that
// belong together nowhere, is then what one makes of the whole. A stateless
// format needs none.
type Carrier interface {
	// Carry returns what is known after Flush; false if something was held
	// back that the next record might have belonged to.
	Carry() ([]byte, bool)
	// Resume takes up what Carry returned, before the first Decode.
	Resume([]byte) error
}

// A Reuser is a Decoder that another stream can be decoded with, for what it has
// found out about the records that logs repeat.
type Reuser interface {
	// Reuse makes it ready for another stream, after Flush: what comes of that is
	// what would come of it with a new decoder. The numbers of Likeness and Event.Akin go on
	// standing for what they stand for. It returns false if a new decoder had better
	// be made.
	Reuse() bool
}

// A Runner is a Decoder that can read many plain lines at a time, as they stand in
// the stream and without an envelope: what it makes of them is what Decode makes of
// each.
type Runner interface {
	// Run decodes lines from the beginning of text, all of which end in a newline,
	// and leaves the rest from the first one on that Decode had better be asked
	// for. The first is at the given place. It returns how many lines it
	// understood, and their bytes. An error is what Decode, or emit, said of the
	// record bad, the line behind those.
	Run(text []byte, at Pos, origin *Origin, emit func(*Event) error) (lines, bytes int, bad *Record, err error)
}
