"""A community's recorded questions asked again of the bot's own use cases, with a stated model of people.

It compares other numbers of `bot.domain.policy` with the default, on the same questions and the same people. `people`
says how people behave, and where each number comes from.

With `--drafts`, every fifth question is asked as a draft beside the others, from the same budget, and compared with
calls to everyone who reads drafts. `readers` says what is assumed there. No author chooses anything at the deadline,
which is where counting ends.

What it can't say:

* How many questions a real community would see answered. That depends on how many people know a topic and feel like
  answering, which is assumed. Compare figures of one run only.
* Whether an answer is any good. A person who knows the topic and takes the question answers it, once.
* What people do unasked. In a real server a person who passes by may answer; here only invitations lead to answers.
* What asking does to people in the long run. They neither leave because the bot asks too often, nor learn by helping.
* What the bot would have learned here. Topics are ranked as in the record.
* What rare choices do: people here block no one, take no pause by choice, and all speak one language.
* How much communities differ. Intervals are over the questions and the draws of people of one record. Of twenty
  settings that are compared with one default, one leaves its interval by chance.
"""
