package report

import (
	"sync"

	"tideline/scanner/finding"
)

// A Masker hands findings to writers. It masks each finding once for all of them,
// and only if one of them asks: of what reports cost, looking for secrets is the
// most. Any number of goroutines may use it.
type Masker struct {
	mu       sync.Mutex
	redactor *Redactor
}

// NewMasker masks as NewRedactor(o) does. The writers of what it shows must have
// been made with options that say the same of secrets.
func NewMasker(o Options) *Masker { return &Masker{redactor: NewRedactor(o)} }

// Show returns f as writers take it. f is borrowed as long as that is in use, and
// must not be changed.
func (m *Masker) Show(f *finding.Finding) *Shown { return &Shown{plain: f, masker: m} }

// A Shown is a finding on its way into reports. All that a writer may write of it is
// in Masked.
type Shown struct {
	plain  *finding.Finding // to choose by, never to write
	masker *Masker
	once   sync.Once
	masked finding.Finding
}

// Masked is the finding as Redactor.Finding makes it. The writers share it, so
// none changes it.
func (s *Shown) Masked() *finding.Finding {
	s.once.Do(func() {
		s.masker.mu.Lock()
		defer s.masker.mu.Unlock()
		s.masked = s.masker.redactor.Finding(s.plain)
	})
	return &s.masked
}

// A maskCount is how many sightings of secrets are masked in what was written.
type maskCount int64

// of is the finding that is written now, which counts.
func (n *maskCount) of(s *Shown) *finding.Finding {
	m := s.Masked()
	*n += maskCount(m.Masked)
	return m
}

// Masked implements MaskCounter.
func (n *maskCount) Masked() int64 { return int64(*n) }
