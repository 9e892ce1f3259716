package summary

const (
	rankDamping = 0.85
	rankRounds  = 12
	rankEdge    = 0.05 // smaller cosines are no edge
	degreeEdge  = 0.1  // what counts as having something in common
)

// graph holds the cosines of all pairs of sentences, those under rankEdge as 0.
type graph struct {
	n       int
	cosines []float32
	sums    []float32 // of each row
}

func (d *draft) graph() graph {
	n := len(d.sentences)
	g := graph{n, make([]float32, n*n), make([]float32, n)}
	row := make([]float32, len(d.idf))
	for i, s := range d.sentences {
		for k, id := range s.vec.id {
			row[id] = s.vec.weight[k]
		}
		for j := i + 1; j < n; j++ {
			if c := d.sentences[j].vec.dense(row); c >= rankEdge {
				g.cosines[i*n+j], g.cosines[j*n+i] = c, c
				g.sums[i] += c
				g.sums[j] += c
			}
		}
		for _, id := range s.vec.id {
			row[id] = 0
		}
	}
	return g
}

// cosine is that of two sentences; 0 of one with itself.
func (g graph) cosine(i, j int) float32 { return g.cosines[i*g.n+j] }

// degree is the share of the sentences that have something in common with sentence i.
func (g graph) degree(i int) float32 {
	n := 0
	for _, c := range g.cosines[i*g.n : i*g.n+g.n] {
		if c > degreeEdge {
			n++
		}
	}
	return float32(n) / float32(g.n)
}

// walk is LexRank: the stationary share of a walk over the sentences along their
// cosines, times their number.
func (g graph) walk() []float32 {
	rank, next := make([]float32, g.n), make([]float32, g.n)
	for i := range rank {
		rank[i] = 1
	}
	for range rankRounds {
		var loose float32 // what sentences without edges give to all
		for i := range next {
			next[i] = 0
			if g.sums[i] == 0 {
				loose += rank[i] / float32(g.n)
			}
		}
		for i := range rank {
			if g.sums[i] == 0 {
				continue
			}
			share := rank[i] / g.sums[i]
			for j, c := range g.cosines[i*g.n : i*g.n+g.n] {
				next[j] += share * c
			}
		}
		for i := range rank {
			rank[i] = 1 - rankDamping + rankDamping*(next[i]+loose)
		}
	}
	return rank
}

// support is how much other documents say the same as sentence i: the mean, over them,
// of the greatest cosine to a sentence there, and of that to their first sentence.
func (d *draft) support(i int, g graph) (any, lead float32) {
	if len(d.docs) < 2 {
		return 0, 0
	}
	for doc, st := range d.perDoc {
		if doc == d.sentences[i].doc || st.from == st.to {
			continue
		}
		var best float32
		for j := st.from; j < st.to; j++ {
			best = max(best, g.cosine(i, j))
		}
		any += best / float32(len(d.docs)-1)
		lead += g.cosine(i, st.from) / float32(len(d.docs)-1)
	}
	return any, lead
}
