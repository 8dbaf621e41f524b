package dockerevents

// Reuse implements parsers.Reuser. Cards are what lines say, and stay; the rhythms of
// health checks and the lives of containers are of one stream.
func (d *decoder) Reuse() bool {
	clear(d.probes)
	clear(d.lives)
	d.filled = nil
	return true
}
