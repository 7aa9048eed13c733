"""A third party's agent: what was refused once is not tried again before something else has worked."""

from dutiful import Agent, Card


class Persistent(Agent):
    card = Card(kind="agent", name="persistent", summary="never repeats an action that was just refused")

    def begin(self, task, world, episode):
        super().begin(task, world, episode)
        self.refused = set()

    def act(self, observation):
        steps = self.episode.steps
        if observation.info.get("refused"):
            self.refused.add(steps[-1].action.text)
        else:
            self.refused.clear()
        left = tuple(choice for choice in observation.choices if choice not in self.refused)
        return super().act(observation.replace(choices=left or observation.choices))
