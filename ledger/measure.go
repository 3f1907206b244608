package ledger

// BCubed compares an assembly with the truth item by item (Bagga and Baldwin, 1998): how much of what stands with an item belongs
// with it, and how much of what belongs with it stands with it. Items that were not assembled stand together under the zero value.
func BCubed[I, A, B comparable](truth map[I]A, got map[I]B) (precision, recall, f1 float64) {
	if len(truth) == 0 {
		return 0, 0, 0
	}
	byTruth, byGot := map[A][]I{}, map[B][]I{}
	for item, id := range truth {
		byTruth[id] = append(byTruth[id], item)
		byGot[got[item]] = append(byGot[got[item]], item)
	}
	for item, id := range truth {
		both := 0
		for _, other := range byGot[got[item]] {
			if truth[other] == id {
				both++
			}
		}
		precision += float64(both) / float64(len(byGot[got[item]]))
		recall += float64(both) / float64(len(byTruth[id]))
	}
	n := float64(len(truth))
	precision, recall = precision/n, recall/n
	return precision, recall, 2 * precision * recall / (precision + recall)
}
