"""What is true of a tiny conference, found without a line of the solver's rules, models or searches.

`laws` states the goals' order, `exact` finds the lexicographic optimum with a model of its own, `counting` judges an
allocation by plain loops, `enumerate` tries everything, `generator` draws conferences that mix all rules, `claims`
holds what a run says against all that. Of the solver only the data types of its face are used.
"""
