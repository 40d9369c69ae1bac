package rename

import "math"

// assign gives each row of a cost matrix a column of its own so that the sum of costs is least: out[row] is its column. There must be at least as
// many columns as rows. It is the Hungarian method by shortest augmenting paths (Jonker and Volgenant, Computing 38, 1987),
// which is of cubic time.
func assign(cost [][]float64) []int {
	rows := len(cost)
	if rows == 0 {
		return nil
	}
	columns := len(cost[0])
	// Rows and columns are counted from 1; column 0 holds the row that is being placed.
	rowPrice, columnPrice := make([]float64, rows+1), make([]float64, columns+1)
	rowOf, before := make([]int, columns+1), make([]int, columns+1)
	for row := 1; row <= rows; row++ {
		rowOf[0] = row
		slack, done := make([]float64, columns+1), make([]bool, columns+1)
		for j := range slack {
			slack[j] = math.Inf(1)
		}
		at := 0
		for rowOf[at] != 0 {
			done[at] = true
			least, next := math.Inf(1), 0
			for j := 1; j <= columns; j++ {
				if done[j] {
					continue
				}
				if c := cost[rowOf[at]-1][j-1] - rowPrice[rowOf[at]] - columnPrice[j]; c < slack[j] {
					slack[j], before[j] = c, at
				}
				if slack[j] < least {
					least, next = slack[j], j
				}
			}
			for j := range done {
				if done[j] {
					rowPrice[rowOf[j]] += least
					columnPrice[j] -= least
				} else {
					slack[j] -= least
				}
			}
			at = next
		}
		for at != 0 {
			rowOf[at] = rowOf[before[at]]
			at = before[at]
		}
	}
	out := make([]int, rows)
	for j := 1; j <= columns; j++ {
		if rowOf[j] > 0 {
			out[rowOf[j]-1] = j - 1
		}
	}
	return out
}
