package rename

import (
	"math"
	"slices"
)

// decision is one table for learning: the features of its pairs, and which of them are renames.
type decision struct {
	v      [][][featureCount]float64
	meant  [][]float64
	weight float64 // projects count by the root of their tables
}

func decisions(steps []step) []decision {
	tables := map[string]float64{}
	for _, s := range steps {
		tables[s.Repo]++
	}
	var out []decision
	for _, s := range steps {
		t := s.table()
		d := decision{weight: 1 / math.Sqrt(tables[s.Repo])}
		for i, o := range t.Dropped {
			d.v, d.meant = append(d.v, nil), append(d.meant, nil)
			for j, n := range t.Added {
				d.v[i] = append(d.v[i], features(t, i, j))
				d.meant[i] = append(d.meant[i], truth(slices.Contains(s.meant(), [2]string{o.Name, n.Name})))
			}
		}
		out = append(out, d)
	}
	return out
}

// learn finds the weights under which the decisions of whole tables are likeliest, with a penalty on large ones; by Adam (Kingma and Ba, 2015).
// The penalty was chosen by leaving each tuning project out in turn.
func learn(data []decision) [featureCount]float64 {
	const rounds, rate, penalty = 250, 0.08, 0.01
	var w, mean, square [featureCount]float64
	all := 0.0
	for _, d := range data {
		all += d.weight
	}
	for round := 1; round <= rounds; round++ {
		var slope [featureCount]float64
		for _, d := range data {
			odds := make([][]float64, len(d.v))
			for i := range d.v {
				odds[i] = make([]float64, len(d.v[i]))
				for j := range d.v[i] {
					for f, x := range d.v[i][j] {
						odds[i][j] += w[f] * x
					}
				}
			}
			for i, row := range joint(odds) {
				for j, p := range row {
					for f, x := range d.v[i][j] {
						slope[f] += d.weight * (d.meant[i][j] - p) * x
					}
				}
			}
		}
		step := rate * (1 - 0.9*float64(round)/rounds)
		for f := range w {
			g := slope[f]/all - penalty*w[f]*truth(feature(f) != always)
			mean[f] = 0.9*mean[f] + 0.1*g
			square[f] = 0.99*square[f] + 0.01*g*g
			w[f] += step * mean[f] / (1 - math.Pow(0.9, float64(round))) / (math.Sqrt(square[f]/(1-math.Pow(0.99, float64(round)))) + 1e-8)
		}
	}
	return w
}

// joint gives the likelihood of each pair when the pairs of a table are decided together: each old and each new column is in one pair or
// in none, and a decision is as likely as the product of its pairs' odds. A pair's likelihood is that of all decisions with it.
func joint(odds [][]float64) [][]float64 {
	if len(odds) == 0 || len(odds[0]) == 0 {
		return odds
	}
	rows, columns := len(odds), len(odds[0])
	turned := columns > rows
	at := func(i, j int) float64 { // rows are the longer side
		if turned {
			i, j = j, i
		}
		return math.Exp(min(odds[i][j], 50))
	}
	if turned {
		rows, columns = columns, rows
	}
	out := make([][]float64, len(odds))
	for i := range out {
		out[i] = make([]float64, len(odds[0]))
	}
	set := func(i, j int, p float64) {
		if turned {
			i, j = j, i
		}
		out[i][j] = p
	}
	if columns > widest {
		// Too many decisions to count: a pair against all that exclude it.
		for i := range rows {
			for j := range columns {
				rivals := 1 + at(i, j)
				for k := range columns {
					if k != j {
						rivals += at(i, k)
					}
				}
				for k := range rows {
					if k != i {
						rivals += at(k, j)
					}
				}
				set(i, j, at(i, j)/rivals)
			}
		}
		return out
	}
	// before[i][taken] is the weight of all ways to decide the rows before i so that the columns taken are used; behind[i][taken] that of
	// all ways to decide row i and those behind it when they are.
	all := 1 << columns
	before, behind := make([][]float64, rows+1), make([][]float64, rows+1)
	for i := range before {
		before[i], behind[i] = make([]float64, all), make([]float64, all)
	}
	before[0][0] = 1
	scale := make([]float64, rows+1) // keeps the sums within what a float holds
	for i := range rows {
		for taken, w := range before[i] {
			if w == 0 {
				continue
			}
			before[i+1][taken] += w
			for j := range columns {
				if taken&(1<<j) == 0 {
					before[i+1][taken|1<<j] += w * at(i, j)
				}
			}
		}
		sum := 0.0
		for _, w := range before[i+1] {
			sum += w
		}
		scale[i+1] = sum
		for taken := range before[i+1] {
			before[i+1][taken] /= sum
		}
	}
	for taken := range behind[rows] {
		behind[rows][taken] = 1
	}
	for i := rows - 1; i >= 0; i-- {
		for taken := range behind[i] {
			w := behind[i+1][taken]
			for j := range columns {
				if taken&(1<<j) == 0 {
					w += at(i, j) * behind[i+1][taken|1<<j]
				}
			}
			behind[i][taken] = w / scale[i+1]
		}
	}
	for i := range rows {
		for j := range columns {
			p := 0.0
			for taken, w := range before[i] {
				if w > 0 && taken&(1<<j) == 0 {
					p += w * at(i, j) * behind[i+1][taken|1<<j]
				}
			}
			set(i, j, p/scale[i+1])
		}
	}
	return out
}

// widest is how many columns the shorter side may have so that all decisions are counted.
const widest = 8
