package rename

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestJointIsTheShareOfDecisions holds joint against counting all decisions.
func TestJointIsTheShareOfDecisions(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		odds := make([][]float64, 1+random.IntN(4))
		columns := 1 + random.IntN(4)
		for i := range odds {
			odds[i] = make([]float64, columns)
			for j := range odds[i] {
				odds[i][j] = 6*random.Float64() - 3
			}
		}
		all, with := 0.0, make([][]float64, len(odds))
		for i := range with {
			with[i] = make([]float64, columns)
		}
		decision := make([]int, len(odds))
		var try func(i, taken int, weight float64)
		try = func(i, taken int, weight float64) {
			if i == len(odds) {
				all += weight
				for r, c := range decision {
					if c >= 0 {
						with[r][c] += weight
					}
				}
				return
			}
			decision[i] = -1
			try(i+1, taken, weight)
			for j := range columns {
				if taken&(1<<j) == 0 {
					decision[i] = j
					try(i+1, taken|1<<j, weight*math.Exp(odds[i][j]))
				}
			}
		}
		try(0, 0, 1)
		for i, row := range joint(odds) {
			for j, p := range row {
				if math.Abs(p-with[i][j]/all) > 1e-9 {
					t.Fatalf("%v: %d %d is %f, not %f", odds, i, j, p, with[i][j]/all)
				}
			}
		}
	}
}
