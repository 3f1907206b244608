package intel

import "slices"

// Lay lays one decision over a computed incident; a person's decision counts as certain. A merge is noted, not carried out. What is
// decided of other things leaves the incident alone but for its being reviewed.
func Lay(in *Incident, d Decision) {
	switch d.Kind {
	case DecideNotVictim:
		in.Victim = VictimRef{}
	case DecideWrongActor:
		in.Actors = slices.DeleteFunc(slices.Clone(in.Actors), func(a ActorRef) bool { return a.ID == d.Object || a.Name == d.Object })
		if len(in.Actors) == 0 {
			in.Facets.Attribution, in.Status = StanceDisputed, in.Facets.Event
		}
	case DecideMerge:
		in.MergedInto = d.Object
	case DecideCorrection:
		switch d.Field {
		case "country":
			in.Country = d.Value
		case "sector":
			in.Sector = d.Value
		case "kind":
			in.Kind = Kind(d.Value)
			if !slices.Contains(in.Kinds, in.Kind) {
				in.Kinds = append(slices.Clone(in.Kinds), in.Kind)
			}
		}
	}
	in.Reviewed, in.Confidence = true, 1
}
