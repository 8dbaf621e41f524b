package dockerevents

// Reuse implements parsers.Reuser. Cards are what lines say, and stay; the rhythms of
// health checks, the lives of containers and what is to start in them are of one stream.
func (d *decoder) Reuse() bool {
	clear(d.probes)
	clear(d.lives)
	clear(d.execs)
	d.filled = nil
	return true
}
