package finding

// Calm reports whether nothing stands out although something was found: no
// finding, shown or not, is above low, and no actor's add up to more.
func (o *Overview) Calm() bool {
	low := LevelRank("low")
	for level, n := range o.Summary.ByLevel {
		if n > 0 && LevelRank(level) > low {
			return false
		}
	}
	for i := range o.Actors {
		if LevelRank(Band(o.Actors[i].Score)) > low {
			return false
		}
	}
	return o.Summary.Findings > 0
}
